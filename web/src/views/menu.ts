/** One line of a menu. */
export interface MenuItem {
  readonly label: string;
  /** Keys that do the same. */
  readonly keys?: string;
  readonly disabled?: boolean;
  /** For one of several choices: whether it is the one. */
  readonly chosen?: boolean;
  /** Whether a line is drawn above it. */
  readonly apart?: boolean;
  readonly run: () => void;
}

/** A menu that is open, and where. */
export interface OpenMenu {
  readonly items: readonly MenuItem[];
  readonly x: number;
  readonly y: number;
}
