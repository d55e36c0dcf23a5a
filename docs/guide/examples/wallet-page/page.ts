// A wallet in a page: what it shows is a snapshot, what it does is a call. Bundle it with anything that bundles workers (Vite, esbuild, …).
import { createProtocol3Source, createWalletClient, Secret } from "@holdfast/client";
import { createBrowserPlatform, openWalletDatabase } from "@holdfast/client/browser";
import { formatJson, lbryFormat, listPreferences, setPreference } from "@holdfast/wallet/lbry";

const platform = createBrowserPlatform(
  () => new Worker(new URL("./scrypt-worker.ts", import.meta.url), { type: "module" }),
);
const server = new URLSearchParams(location.search).get("server") ?? "https://wallet.example.com";

const wallet = createWalletClient({
  format: lbryFormat,
  store: openWalletDatabase("my-wallet"),
  source: createProtocol3Source({ server, ...platform }),
  ...platform,
});

wallet.subscribe(({ sentence, document, conflicts, isUnlocked }) => {
  element("sentence").textContent = sentence;
  element("unlock").hidden = isUnlocked;
  const preferences = document === null ? [] : [...listPreferences(document)];
  element("preferences").replaceChildren(
    ...preferences.map(([key, value]) => listItem(`${key} = ${formatJson(value)}`)),
  );
  element("conflicts").replaceChildren(
    ...conflicts.map(({ id, description }) => {
      const item = listItem(description);
      for (const choice of ["first", "second"] as const) {
        const button = window.document.createElement("button");
        button.textContent = `Take the ${choice}`;
        button.addEventListener("click", () => void wallet.resolve(id, choice));
        item.append(button);
      }
      return item;
    }),
  );
});

onSubmit("unlock", async (fields) => {
  const progress = element("progress") as HTMLProgressElement;
  const outcome = await wallet.unlock(
    {
      type: fields.text("type") === "sign-up" ? "sign-up" : "password",
      email: fields.text("email"),
      password: new Secret(fields.text("password")),
    },
    {
      onProgress({ elapsedMs, estimatedMs }) {
        progress.hidden = false;
        if (estimatedMs !== null) progress.value = elapsedMs / estimatedMs;
      },
    },
  );
  progress.hidden = true;
  if (outcome.type !== "unlocked") element("sentence").textContent = outcome.type;
});

onSubmit("edit", async (fields) => {
  const [key, value] = [fields.text("key"), fields.text("value")];
  await wallet.edit((before) => setPreference(before, key, value, Date.now() / 1000));
});

await wallet.open();

function element(id: string): HTMLElement {
  const found = window.document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
}

function listItem(text: string): HTMLElement {
  const item = window.document.createElement("li");
  item.textContent = text;
  return item;
}

type Fields = { text(name: string): string };

function onSubmit(id: string, act: (fields: Fields) => Promise<void>): void {
  const form = element(id) as HTMLFormElement;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const data = new FormData(form, event.submitter);
    const text = (name: string): string => {
      const value = data.get(name);
      return typeof value === "string" ? value : "";
    };
    void act({ text });
  });
}
