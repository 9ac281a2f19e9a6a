/** Any value that JSON can carry. */
export type Json = string | number | boolean | null | Json[] | JsonObject;

/** A JSON object. A field that is absent reads as `undefined`. */
export type JsonObject = { [key: string]: Json | undefined };
