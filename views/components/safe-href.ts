/** No template engine blocks `javascript:` in an attribute, so every href that did not come from our own code passes here.
 *  Undefined for anything but a path of ours, a fragment, http(s), tel or mailto. */
export function safeHref(href: string): string | undefined {
  if (/^#[\w-]*$/.test(href)) return href;
  // A path; `//host` and `/\host` would leave the site.
  if (/^\/(?![/\\])/.test(href)) return href;
  return /^(?:https?:\/\/|tel:|mailto:)[^\s\\]+$/i.test(href) ? href : undefined;
}
