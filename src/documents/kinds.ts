/** The nouns of documents: what kinds there are, what one may be uploaded for, and how one reaches the employee. */

export const DOCUMENT_KINDS = ['termination_certificate', 'handover_list', 'uploaded'] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

/** What an uploaded document is for: what a filing or a person looks for it under. */
export const DOCUMENT_PURPOSES = [
  'settlement',
  'claim',
  'clearance',
  'correction',
  'agreement',
  'delivery_proof',
  'other',
] as const;
export type DocumentPurpose = (typeof DOCUMENT_PURPOSES)[number];

export const DELIVERY_METHODS = ['in_person', 'post', 'electronic', 'public_notice', 'other'] as const;
export type DeliveryMethod = (typeof DELIVERY_METHODS)[number];

const ZIP = [0x50, 0x4b, 0x03, 0x04];
const OFFICE = 'application/vnd.openxmlformats-officedocument';

/** What may be uploaded: the name's ending, and the bytes that a file of the type begins with. */
export const MEDIA_TYPES = {
  'application/pdf': { ending: 'pdf', begins: [0x25, 0x50, 0x44, 0x46, 0x2d] },
  // GB/T 33190, in which agencies issue documents: a ZIP.
  'application/ofd': { ending: 'ofd', begins: ZIP },
  [`${OFFICE}.wordprocessingml.document`]: { ending: 'docx', begins: ZIP },
  [`${OFFICE}.spreadsheetml.sheet`]: { ending: 'xlsx', begins: ZIP },
  'image/png': { ending: 'png', begins: [0x89, 0x50, 0x4e, 0x47] },
  'image/jpeg': { ending: 'jpg', begins: [0xff, 0xd8, 0xff] },
} as const satisfies Record<string, { readonly ending: string; readonly begins: readonly number[] }>;
export type MediaType = keyof typeof MEDIA_TYPES;

/** False when the bytes cannot be of the type: told by how they begin, so no proof that they are. */
export function canBe(mediaType: MediaType, bytes: Uint8Array): boolean {
  return MEDIA_TYPES[mediaType].begins.every((byte, index) => bytes[index] === byte);
}
