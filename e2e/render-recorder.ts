import { expect, type Page, type Request, type WebSocketRoute } from '@playwright/test';

/** What of React's fibers the recorder reads: the same in the built page as in development. */
interface Fiber {
  tag: number;
  flags: number;
  alternate: Fiber | null;
  child: Fiber | null;
  sibling: Fiber | null;
  return: Fiber | null;
  stateNode: unknown;
}

declare global {
  interface Window {
    /** Places of the page in which components were rendered since it was last emptied. */
    rendered: Set<string>;
  }
}

/**
 * Has the page write down which components React renders, by where they draw: `card orders`, `edge orders>bank`, `row orders`,
 * `chart Throughput`, or the region. React tells its developer tools of every commit; the recorder stands in for them.
 */
export async function recordRenders(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const components = [0, 1, 11, 14, 15]; // functions, classes, forwarded refs, memo
    const host = 5;
    const performedWork = 1;
    window.rendered = new Set();

    function firstElement(fiber: Fiber | null): Element | null {
      for (let each = fiber; each; each = each.sibling) {
        if (each.tag === host) return each.stateNode as Element;
        const within = firstElement(each.child);
        if (within) return within;
      }
      return null;
    }

    function elementAround(fiber: Fiber): Element | null {
      let around = fiber.return;
      while (around && around.tag !== host) around = around.return;
      return (around?.stateNode as Element | undefined) ?? null;
    }

    function placeOf(fiber: Fiber): string {
      const element = firstElement(fiber.child) ?? elementAround(fiber);
      const near = (selector: string) => element?.closest<HTMLElement>(selector);
      const card = near('.react-flow__node');
      if (card) return `card ${card.dataset['id']}`;
      const edge = near('.react-flow__edge');
      if (edge) return `edge ${edge.dataset['id']}`;
      const row = near('tbody tr');
      if (row) return `row ${row.querySelector('th')?.textContent}`;
      const chart = near('figure');
      if (chart) return `chart ${chart.ariaLabel}`;
      return (
        near('header, [role=complementary][aria-label], aside[aria-label], section[aria-label]')?.ariaLabel ??
        near('header')?.tagName ??
        'page'
      );
    }

    /** Goes through what this commit has worked on: a part that was left alone is the same object as before. */
    function visit(fiber: Fiber, before: Fiber | null): void {
      if (components.includes(fiber.tag) && (before === null || fiber.flags & performedWork))
        window.rendered.add(placeOf(fiber));
      if (before && fiber.child === before.child) return;
      for (let child = fiber.child; child; child = child.sibling) visit(child, child.alternate);
    }

    Object.assign(window, {
      __REACT_DEVTOOLS_GLOBAL_HOOK__: {
        ...{ supportsFiber: true, renderers: new Map(), checkDCE() {}, inject: () => 1 },
        ...{ onCommitFiberUnmount() {}, onPostCommitFiberRoot() {}, onScheduleFiberRoot() {} },
        onCommitFiberRoot(_renderer: number, { current }: { current: Fiber }) {
          visit(current, current.alternate);
        },
      },
    });
  });
}

/**
 * How to wait until the page has nothing to hear from the API and has drawn what it heard last: what it renders from then on is for another
 * reason. Takes no time where it had asked for nothing.
 */
export function watchRequests(page: Page): () => Promise<void> {
  const open = new Set<Request>();
  let drawn = true;
  const answered = (request: Request) => void open.delete(request);
  page.on('request', (request) => {
    if (!new URL(request.url()).pathname.startsWith('/api/')) return;
    open.add(request);
    drawn = false;
  });
  page.on('requestfinished', answered);
  page.on('requestfailed', answered);
  return async () => {
    if (drawn) return;
    await expect.poll(() => [...open].map((request) => request.url()), { timeout: 30_000 }).toEqual([]);
    await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
    drawn = true;
  };
}

/** A message of the stream, by the keys of what it changes: `load`, `topology.services/orders`. */
export interface Message {
  keys: string[];
}

/** The page's stream, whose messages are let through one at a time. They are the server's own. */
export class HeldStream {
  #page: WebSocketRoute | null = null;
  #held: (string | Buffer)[] = [];
  #holds = false;
  #arrived = () => {};
  #seen = () => {};

  async attach(page: Page): Promise<void> {
    await page.routeWebSocket(/\/socket\.io\//, (socket) => {
      this.#page = socket;
      const server = socket.connectToServer();
      socket.onMessage((message) => {
        server.send(message);
        if (String(message).startsWith('42["seen"')) this.#seen();
      });
      server.onMessage((message) => {
        if (!this.#holds || !String(message).startsWith('42')) return socket.send(message);
        this.#held.push(message);
        this.#arrived();
      });
    });
  }

  hold(): void {
    this.#holds = true;
  }

  /** Lets the next message through; resolves when the page has taken it in. */
  async next(): Promise<Message> {
    if (this.#held.length === 0) await new Promise<void>((resolve) => (this.#arrived = resolve));
    const message = this.#held.shift()!;
    const seen = new Promise<void>((resolve) => (this.#seen = resolve));
    this.#page!.send(message);
    await seen;
    const [, changes] = JSON.parse(String(message).slice(2)) as [
      string,
      { lists?: object; set?: object; merge?: object },
    ];
    return { keys: [changes.lists, changes.set, changes.merge].flatMap((part) => Object.keys(part ?? {})) };
  }

  release(): void {
    this.#holds = false;
    for (const message of this.#held.splice(0)) this.#page!.send(message);
  }
}
