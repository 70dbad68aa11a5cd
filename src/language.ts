/** The two languages we answer in, and sentences with `{slots}` to fill. */
export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];
export type Words = Readonly<Record<Language, string>>;

/** What fills a slot: a value, or words that differ by language. */
export type Slot = string | number | Words;
export type Slots = Readonly<Record<string, Slot>>;

/** The names of a template's slots, so that a forgotten one does not compile. */
export type SlotNames<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? Name | SlotNames<Rest>
  : never;

/** A slot that nobody filled stays visible as `{name}`. */
export function fill(template: string, slots: Slots, language: Language): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const slot = Object.hasOwn(slots, name) ? slots[name] : undefined;
    if (slot === undefined) return whole;
    return typeof slot === 'object' ? slot[language] : String(slot);
  });
}
