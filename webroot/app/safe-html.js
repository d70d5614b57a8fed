import { h } from './dom.js';

const TAGS = new Set(
  'a b blockquote br caption center code col colgroup div em font h1 h2 h3 h4 h5 h6 hr i li ol p pre small span strong sub sup table tbody td tfoot th thead tr u ul'.split(
    ' ',
  ),
);
const ATTRIBUTES = new Set(
  'align bgcolor border cellpadding cellspacing colspan dir height lang role rowspan scope title valign width aria-hidden aria-label'.split(
    ' ',
  ),
);

/**
 * Shows an HTML mail in a sandboxed frame without scripts and external resources. Only allowed elements and attributes
 * are copied. Styles are set through the object model, since the Content-Security-Policy forbids them in markup.
 */
export function framed(parent, html, title) {
  const frame = h('iframe', {
    sandbox: 'allow-same-origin',
    title,
    srcdoc: '<!doctype html><html lang="en"><head><title>Report</title></head><body></body></html>',
  });
  frame.addEventListener(
    'load',
    () => {
      const inner = frame.contentDocument;
      const inert = new DOMParser().parseFromString(
        html.replace(/<(style|script)[\s\S]*?<\/\1\s*>/gi, '').replace(/[\s/"'](style|on\w+)\s*=/gi, ' data-$1='),
        'text/html',
      );
      inner.title = title;
      inner.body.style.cssText = 'margin:0;background:#fff;color:#1b2226;font:15px/1.5 system-ui,sans-serif';
      inner.body.append(...copied(inert.body, inner));
      frame.style.height = `${Math.min(4000, inner.documentElement.scrollHeight + 4)}px`;
    },
    { once: true },
  );
  parent.replaceChildren(frame);
}

function copied(node, into) {
  const all = [];
  for (const child of node.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) all.push(into.createTextNode(child.data));
    if (child.nodeType !== Node.ELEMENT_NODE) continue;
    const tag = child.localName;
    if (!TAGS.has(tag)) {
      if (tag !== 'script' && tag !== 'style' && tag !== 'title' && tag !== 'head') all.push(...copied(child, into));
      continue;
    }
    const copy = into.createElement(tag);
    for (const { name, value } of child.attributes) {
      if (ATTRIBUTES.has(name)) copy.setAttribute(name, value);
      else if (name === 'data-style' && !/url\s*\(|expression|@import/i.test(value)) copy.style.cssText = value;
    }
    copy.append(...copied(child, into));
    all.push(copy);
  }
  return all;
}
