import { parseRoleArn, type RoleArn } from './roles.ts';
import { StsError } from './sts-error.ts';

/** What an AssumeRole asks for, once it is valid. */
export type AssumeRoleParameters = {
  roleArn: string;
  arnFields: RoleArn;
  sessionName: string;
  durationSeconds: number;
  externalId: string | undefined;
};

type Constraint = { name: string; required?: boolean } & (
  | { least: number; most: number; pattern?: RegExp }
  | { lowest: number; highest: number }
);

const CONSTRAINTS: readonly Constraint[] = [
  { name: 'RoleArn', required: true, least: 20, most: 2_048 },
  { name: 'RoleSessionName', required: true, least: 2, most: 64, pattern: /[\w+=,.@-]*/ },
  { name: 'DurationSeconds', lowest: 900, highest: 43_200 },
  { name: 'ExternalId', least: 2, most: 1_224, pattern: /[\w+=,.@:/-]*/ },
];

/**
 * Reads an AssumeRole, or throws a ValidationError that names every parameter at fault.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html#API_AssumeRole_RequestParameters
 */
export function readAssumeRole(form: URLSearchParams): AssumeRoleParameters {
  const faults = CONSTRAINTS.flatMap((constraint) => faultsOf(form.get(constraint.name), constraint));
  if (faults.length > 0) {
    const count = `${faults.length} validation error${faults.length > 1 ? 's' : ''} detected`;
    throw validationError(`${count}: ${faults.join('; ')}`);
  }
  const roleArn = form.get('RoleArn') ?? '';
  const arnFields = parseRoleArn(roleArn);
  if (arnFields === undefined) throw validationError(`${roleArn} is invalid`);
  return {
    roleArn,
    arnFields,
    sessionName: form.get('RoleSessionName') ?? '',
    durationSeconds: Number(form.get('DurationSeconds') ?? 3_600),
    externalId: form.get('ExternalId') ?? undefined,
  };
}

function faultsOf(value: string | null, constraint: Constraint): string[] {
  if (value === null && !constraint.required) return [];
  return violations(value, constraint).map((violation) => {
    const name = constraint.name.charAt(0).toLowerCase() + constraint.name.slice(1);
    const shown = value === null ? 'null' : `'${value}'`;
    return `Value ${shown} at '${name}' failed to satisfy constraint: Member must ${violation}`;
  });
}

function violations(value: string | null, constraint: Constraint): string[] {
  if (value === null) return ['not be null'];
  const found: string[] = [];
  if ('lowest' in constraint) {
    const { lowest, highest } = constraint;
    const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
    if (!(number >= lowest)) found.push(`have value greater than or equal to ${lowest}`);
    if (number > highest) found.push(`have value less than or equal to ${highest}`);
    return found;
  }
  const { least, most, pattern } = constraint;
  if (value.length < least) found.push(`have length greater than or equal to ${least}`);
  if (value.length > most) found.push(`have length less than or equal to ${most}`);
  if (pattern !== undefined && !new RegExp(`^${pattern.source}$`).test(value)) {
    found.push(`satisfy regular expression pattern: ${pattern.source}`);
  }
  return found;
}

function validationError(message: string): StsError {
  return new StsError(400, 'ValidationError', message);
}
