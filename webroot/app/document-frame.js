import { h } from './dom.js';

/**
 * Shows an HTML document unchanged in a frame. The frame's own Content-Security-Policy permits inline styles and images,
 * and neither scripts nor requests; it is parsed there, since the policy of this page would remove its styles.
 */
export function framed(parent, html, title) {
  const frame = h('iframe', {
    src: 'app/document.html',
    sandbox: 'allow-same-origin allow-popups allow-popups-to-escape-sandbox',
    title,
  });
  frame.addEventListener(
    'load',
    () => {
      const inner = frame.contentDocument;
      const parsed = new frame.contentWindow.DOMParser().parseFromString(html, 'text/html');
      parsed.head.append(h('base', { target: '_blank' }));
      inner.replaceChild(inner.adoptNode(parsed.documentElement), inner.documentElement);
      const fit = () => {
        frame.style.height = `${inner.documentElement.offsetHeight}px`;
      };
      new ResizeObserver(fit).observe(inner.documentElement);
      fit();
    },
    { once: true },
  );
  parent.replaceChildren(frame);
}
