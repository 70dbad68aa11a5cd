// Pure: of the table of faults, what may still be chosen beside what is chosen already.

/** Every combination that the API arms, a row each; '' is a choice that is left open. */
export function combinations({ kinds, presets }) {
  const places = ({ operations }) => [
    ...Object.entries(operations).flatMap(([agency, names]) =>
      ['', ...names].map((operation) => ({ agency, operation })),
    ),
    ...['', ...new Set(Object.values(operations).flat())].map((operation) => ({ agency: '', operation })),
  ];
  return kinds.flatMap((each) => {
    const told = presets.filter(({ kind }) => kind === each.kind);
    const effects = [
      ...each.phases.map((phase) => ({ preset: '', kind: each.kind, phase })),
      ...told.map(({ preset, kind, phase }) => ({ preset, kind, phase })),
    ];
    return places(each).flatMap((place) => effects.map((effect) => ({ ...effect, ...place })));
  });
}

/** Values of `name` that go with all the others given. */
export const open = (rows, name, given) =>
  new Set(
    rows
      .filter((row) =>
        Object.entries(given).every(([other, value]) => other === name || !value || row[other] === value),
      )
      .map((row) => row[name]),
  );
