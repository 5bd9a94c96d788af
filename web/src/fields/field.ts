// Fields: where a query is written. A plain one is always there; one for code may take its place.

/** A field that holds the text of a query. */
export interface Field {
  text: string;

  /** Takes the caret into the field. */
  focus(): void;

  /** Marks the place of a fault and takes the caret there; both count from 1, columns in code points. */
  point(line: number, column: number, message: string): void;

  /** Takes the mark of a fault away. */
  clear(): void;
}

/** The offset in UTF-16 units of a line and column that count from 1, columns in code points. */
export function offsetOf(text: string, line: number, column: number): number {
  const lines = text.split("\n");
  const before = lines.slice(0, line - 1).reduce((sum, part) => sum + part.length + 1, 0);
  const within = [...(lines[line - 1] ?? "")].slice(0, column - 1).join("").length;
  return Math.min(before + within, text.length);
}
