/** A refusal in AWS's words. All of the sandbox's are the caller's fault, which AWS calls `Sender`. */
export class StsError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}
