export const PROTOCOL_3 = 3;
