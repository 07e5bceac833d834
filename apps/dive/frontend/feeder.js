/** The doors: the feeder keeps columns for the whole page, the view draws in its own part of it. */

import { keep } from "./store.js";
import { View } from "./view.js";

const VIEWS = new WeakMap();

/** Offer the component to the page, with its style sheet, unless the same version is there already. */
export function offer(version, css) {
  if (globalThis.__raiDive?.version !== version) {
    globalThis.__raiDive = { feed: keep, view: (component) => mount(component, css), version };
  }
  return globalThis.__raiDive;
}

/** The component that brings the library, keeps a column if it has one, and draws nothing. */
export function feeder(component, version, css) {
  const { feed } = offer(version, css);
  if (component.data?.length) feed(component.data);
}

/** The component that draws; called again with the same parent whenever its data changes. */
function mount(component, css) {
  const parent = component.parentElement;
  if (!VIEWS.has(parent)) VIEWS.set(parent, new View(parent, css));
  VIEWS.get(parent).update(component);
  return () => {
    VIEWS.get(parent)?.end();
    VIEWS.delete(parent);
  };
}
