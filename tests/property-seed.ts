import fc from "fast-check";

// The same examples in every run, so that a run can be repeated; HOLDFAST_SEED=… looks at others.
fc.configureGlobal({ seed: Number(process.env["HOLDFAST_SEED"] ?? 20_261_122) });
