export const CLIENT = "holdfast";
