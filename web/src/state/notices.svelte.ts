/** Short messages about what happened; errors stay until dismissed. */
export interface Notice {
  readonly id: number;
  readonly tone: 'info' | 'error';
  readonly title: string;
  readonly detail: string;
}

const INFO_MS = 6000;

export class Notices {
  list = $state.raw<readonly Notice[]>([]);
  #last = 0;

  info(title: string): void {
    const id = this.#add('info', title, '');
    setTimeout(() => {
      this.dismiss(id);
    }, INFO_MS);
  }

  error(title: string, detail: string): void {
    this.#add('error', title, detail);
  }

  dismiss(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }

  #add(tone: Notice['tone'], title: string, detail: string): number {
    this.#last += 1;
    // The same error twice says nothing new.
    const others = this.list.filter((notice) => notice.title !== title || notice.detail !== detail);
    this.list = [...others, { id: this.#last, tone, title, detail }];
    return this.#last;
  }
}
