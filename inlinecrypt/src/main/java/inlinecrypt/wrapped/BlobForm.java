package inlinecrypt.wrapped;

/** The two forms of a wrapped key. One cannot pass for the other. */
enum BlobForm {
  /** Kept on disk: opens on this hardware for as long as it lives. */
  LONG_TERM(1, "long-term wrapping key"),
  /** Kept in memory and used for I/O: opens until power is lost. */
  EPHEMERAL(2, "ephemeral wrapping key");

  /** Byte 1 of a blob. */
  final int code;

  /** What the form's wrapping key is derived with. */
  final String label;

  BlobForm(int code, String label) {
    this.code = code;
    this.label = label;
  }
}
