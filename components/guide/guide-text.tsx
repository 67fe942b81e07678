'use client';
import { createElement } from 'react';
import type { ReactNode } from 'react';
import type { GuideNode } from '../../server/contract/lab.ts';
import { vocabulary } from './vocabulary.ts';

/** The text of a guide, drawn from its tree: nothing in it is code. */
export function GuideText({ tree }: { tree: readonly GuideNode[] }) {
  return <>{tree.map(draw)}</>;
}

function draw(node: GuideNode, index: number): ReactNode {
  if (typeof node === 'string') return node;
  const children = node.children.map(draw);
  const Element = vocabulary[node.tag];
  if (Element) {
    return (
      <Element key={index} {...node.props}>
        {children}
      </Element>
    );
  }
  // Markdown's tags; the server lets no others through.
  return createElement(node.tag, { key: index, ...node.props }, ...(children.length > 0 ? [children] : []));
}
