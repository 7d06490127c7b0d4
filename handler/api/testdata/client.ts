// What the author of the mini-program writes against the generated types: a file
// that the tests compile, so that the document stays one that a generator can use.
import type { components, paths } from "./api";

type Path = "/api/v1/cases/{id}/receipts";
type Submit = paths[Path]["post"];
type Receipt = Submit["responses"][201]["content"]["application/json"];
type Claim = Submit["requestBody"] extends infer B ? (B extends { content: { "application/json": infer C } } ? C : never) : never;
type Refused = components["schemas"]["Error"];

export const claim = (amount_fen: number, file_ids: number[]): Partial<Claim> => ({ amount_fen, file_ids } as Partial<Claim>);

export function shown(receipt: Receipt): string {
  const files: number = receipt.files.length; // a list is never null
  return `${receipt.id}: ${files}`;
}

export function told(refused: Refused): string {
  return refused.error.field ? `${refused.error.field}: ${refused.error.message}` : refused.error.message;
}

type Cases = paths["/api/v1/cases"]["get"];
type Page = Cases["responses"][200]["content"]["application/json"];
type Query = NonNullable<Cases["parameters"]["query"]>;

export const following = (page: Page, query: Query): Query | undefined => page.next ? { ...query, after: page.next } : undefined;
