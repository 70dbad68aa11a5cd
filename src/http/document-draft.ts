/** The bodies of POST /v1/exits/{id}/documents and of POST /v1/documents/{id}/deliveries. */
import { z } from 'zod';
import {
  canBe,
  DELIVERY_METHODS,
  DOCUMENT_PURPOSES,
  MEDIA_TYPES,
  type MediaType,
} from '../documents/kinds.ts';
import { date, fault, instantGiven, line, text } from './fields.ts';

const issued_on = date.optional().meta({
  description: 'Date of issue; default: today, or the exit date while that is still ahead',
});

const certificate = z
  .strictObject({
    kind: z.literal('termination_certificate'),
    issued_on,
    service_start: date.optional().meta({
      description: 'First day of service in the unit, where it lies before the contract’s start',
    }),
    omit_reason: z
      .boolean()
      .default(false)
      .meta({ description: 'Leaves out the legal ground, as the employee may ask' }),
  })
  .meta({ id: 'TerminationCertificateDraft' });

const handover = z
  .strictObject({
    kind: z.literal('handover_list'),
    issued_on,
    items: z
      .array(
        z.strictObject({
          item: line(300),
          owner: line(100).meta({ description: 'Who hands it over: a person or a department' }),
          receiver: line(100),
          acknowledged_at: instantGiven.optional(),
        }),
      )
      .min(1)
      .max(500)
      .optional()
      .meta({
        description:
          'Default: the items of the exit’s handover gates, each acknowledged by whoever cleared it',
      }),
  })
  .meta({ id: 'HandoverListDraft' });

const uploaded = z
  .strictObject({
    kind: z.literal('uploaded'),
    title: line(200),
    media_type: z.enum(Object.keys(MEDIA_TYPES) as MediaType[]),
    purpose: z.enum(DOCUMENT_PURPOSES),
    content: z
      .base64(fault('base64_invalid'))
      .min(4)
      .transform((base64) => new Uint8Array(Buffer.from(base64, 'base64')))
      .meta({ description: 'The bytes, in base64' }),
  })
  .superRefine(({ media_type, content }, context) => {
    if (!canBe(media_type, content))
      context.addIssue({
        code: 'custom',
        message: fault('content_not_of_type'),
        path: ['content'],
        params: { media_type },
      });
  })
  .meta({ id: 'UploadedDocumentDraft' });

export const DocumentDraft = z.discriminatedUnion('kind', [certificate, handover, uploaded]);
export type DocumentDraft = z.output<typeof DocumentDraft>;

export const DeliveryDraft = z
  .strictObject({
    method: z.enum(DELIVERY_METHODS),
    recipient: line(200).optional().meta({ description: 'Who took it; default: the employee' }),
    delivered_at: instantGiven,
    note: text(1000)
      .optional()
      .meta({ description: 'The tracking number, who was there, why it was refused' }),
  })
  .meta({ id: 'DocumentDeliveryDraft' });
