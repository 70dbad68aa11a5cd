export function newAdapter(_name: string, _options: { out?: string }): string[] {
  return [];
}
