/**
 * What the demo prints: 80 columns, colours and a moving progress line only where there is a
 * terminal that shows them and NO_COLOR is not set.
 */

const { stdout } = process;
/** False for files and pipes, for terminals that can do nothing, and where NO_COLOR asks for it. */
const isRich = stdout.isTTY && stdout.hasColors();
const BAR_WIDTH = 30;
const BLOCKS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

type Colour = "bold" | "dim" | "green" | "red" | "cyan";
const CODES: Readonly<Record<Colour, string>> = {
  bold: "1",
  dim: "2",
  red: "31",
  green: "32",
  cyan: "36",
};

/** Colours a text, where colours are shown. */
export function paint(text: string, colour: Colour): string {
  return isRich ? `\u001B[${CODES[colour]}m${text}\u001B[0m` : text;
}

/** Prints the title of a part. */
export function title(text: string): void {
  console.log(`\n${paint(text, "bold")}`);
}

/** Prints a line: a label, and what it is about. */
export function line(label: string, text: string): void {
  console.log(`  ${paint(label.padEnd(10), "dim")} ${text}`);
}

/** Prints whether something that must hold does hold. */
export function verdict(isTrue: boolean, text: string): void {
  line("checked", isTrue ? `${text} ${paint("✓", "green")}` : paint(`NOT TRUE: ${text}`, "red"));
}

/** A number as people write it: `1,234,567`. */
export function count(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 0 });
}

/** Milliseconds as seconds. */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}

/** A bar of eighths of a column, `share` of the whole width long. */
export function bar(share: number, width: number = BAR_WIDTH): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * width * 8);
  const rest = BLOCKS[eighths % 8] ?? "";
  return ("█".repeat(Math.floor(eighths / 8)) + rest).padEnd(width);
}

/** Prints items with bars, the first being the longest. */
export function chart(items: readonly { readonly label: string; readonly value: number }[]): void {
  const longest = items[0]?.value ?? 1;
  const labelWidth = Math.max(...items.map(({ label }) => label.length));
  for (const { label, value } of items) {
    const name = label.padStart(labelWidth).slice(0, 16);
    console.log(`  ${name} ${paint(bar(value / longest, 44), "cyan")} ${count(value).padStart(9)}`);
  }
}

/**
 * Shows how far a piece of work has come: in one line that moves on a terminal, else in a line for
 * each quarter.
 */
export class Progress {
  readonly #label: string;
  readonly #total: number;
  readonly #unit: string;
  #nextQuarter = 1;

  constructor(label: string, total: number, unit: string) {
    this.#label = label;
    this.#total = total;
    this.#unit = unit;
  }

  show(done: number): void {
    const share = done / this.#total;
    const percent = `${Math.floor(share * 100)} %`.padStart(5);
    if (isRich) {
      const label = `  ${paint(this.#label.padEnd(10), "dim")}`;
      stdout.write(
        `\r${label} ${paint(bar(share), "green")}${percent} ${count(done)} ${this.#unit}`,
      );
    } else if (share * 4 >= this.#nextQuarter) {
      line(this.#label, `${percent} ${count(done)} ${this.#unit}`);
      this.#nextQuarter = Math.floor(share * 4) + 1;
    }
  }

  /** Clears the line that moved. */
  end(): void {
    if (isRich) stdout.write("\r\u001B[2K");
  }
}
