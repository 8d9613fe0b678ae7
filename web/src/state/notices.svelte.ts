/** What can be done about a message. */
export interface NoticeAction {
  readonly label: string;
  readonly run: () => void;
}

/** Short messages about what happened; errors stay until dismissed. */
export interface Notice {
  readonly id: number;
  readonly tone: 'info' | 'error';
  readonly title: string;
  readonly detail: string;
  readonly action: NoticeAction | undefined;
}

const INFO_MS = 6000;
/** Time to decide takes longer than time to read. */
const ACTION_MS = 12_000;

export class Notices {
  list = $state.raw<readonly Notice[]>([]);
  #last = 0;

  /** Shows a message for a while, and answers with its number. */
  info(title: string, action?: NoticeAction): number {
    const id = this.#add('info', title, '', action);
    setTimeout(
      () => {
        this.dismiss(id);
      },
      action === undefined ? INFO_MS : ACTION_MS,
    );
    return id;
  }

  error(title: string, detail: string): void {
    this.#add('error', title, detail);
  }

  dismiss(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }

  #add(tone: Notice['tone'], title: string, detail: string, action?: NoticeAction): number {
    this.#last += 1;
    // The same error twice says nothing new.
    const others = this.list.filter((notice) => notice.title !== title || notice.detail !== detail);
    this.list = [...others, { id: this.#last, tone, title, detail, action }];
    return this.#last;
  }
}
