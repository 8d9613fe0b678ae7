/**
 * Keeps the keyboard near where it was. What has it may go away, as a row that is deleted, or be of no use any more, as the
 * button that takes back the last step: a browser would begin at the top of the page, and a screen reader say nothing.
 */
const USABLE = 'button:enabled, select:enabled, a[href], [tabindex="0"]';

/** Watches the page for as long as it is there. */
export function keepFocus(): void {
  let had: Element | null = null;
  let around: Element[] = [];
  const isLost = (): boolean => {
    const { activeElement, body } = document;
    const nowhere = activeElement === null || activeElement === body || activeElement === had;
    // Where it was left by a click beside everything, what had it is as it was.
    return had !== null && nowhere && (!had.isConnected || had.matches(':disabled'));
  };
  addEventListener('focusin', ({ target }) => {
    had = target instanceof Element ? target : null;
    around = [];
    for (let at = had?.parentElement ?? null; at !== null; at = at.parentElement) {
      around.push(at);
    }
  });
  const changes = new MutationObserver(() => {
    if (isLost()) {
      // Whoever took it away may know better where to go on.
      requestAnimationFrame(() => {
        if (isLost()) {
          goOn(had, around);
        }
      });
    }
  });
  const attributeFilter = ['disabled'];
  changes.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter });
}

/** To what can be used nearby, and no farther than the section: that tells what it is about. */
function goOn(had: Element | null, around: readonly Element[]): void {
  for (const place of around.filter(({ isConnected }) => isConnected)) {
    if (place.matches('main, body')) {
      break;
    }
    const next = usableIn(place, had) ?? (place.matches('section') ? place : null);
    if (next instanceof HTMLElement) {
      focusOn(next);
      return;
    }
  }
  focusOn(document.querySelector('[data-heading]') ?? document.querySelector('main'));
}

function focusOn(element: HTMLElement | null): void {
  if (element !== null) {
    if (!element.matches(`${USABLE}, [tabindex]`)) {
      element.tabIndex = -1;
    }
    element.focus();
  }
}

/** What comes next after what had the keyboard, if that is still there; else the first. */
function usableIn(place: Element, had: Element | null): Element | undefined {
  const usable = [...place.querySelectorAll(USABLE)].filter((each) => each.getClientRects().length > 0);
  const follows = (each: Element) =>
    ((had?.compareDocumentPosition(each) ?? 0) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
  return (had?.isConnected === true ? usable.find(follows) : undefined) ?? usable[0];
}
