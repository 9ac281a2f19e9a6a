/** Any value that JSON can carry. */
export type Json = string | number | boolean | null | Json[] | JsonObject;

export type JsonObject = { [name: string]: Json };
