/** The doors: what the page's other components call, for columns to keep and for a view to draw. */

import { keep } from "./store.js";
import { View } from "./view.js";

const VIEWS = new WeakMap();

/**
 * Offer `feed(packet)` and `view(component)` to the page, unless the same version is there already.
 *
 * `tell(name, value)` is how Python hears of what concerns the whole page.
 */
export function offer(version, css, tell) {
  if (globalThis.__raiDive?.version !== version) {
    globalThis.__raiDive = { feed: keep, view: (component) => mount(component, css), version };
  }
  globalThis.__raiDive.tell = tell;
}

/** Draw; called again with the same parent whenever its data changes. */
function mount(component, css) {
  const parent = component.parentElement;
  if (!VIEWS.has(parent)) VIEWS.set(parent, new View(parent, css));
  VIEWS.get(parent).update(component, (name, value) => globalThis.__raiDive.tell(name, value));
  return () => {
    VIEWS.get(parent)?.end();
    VIEWS.delete(parent);
  };
}
