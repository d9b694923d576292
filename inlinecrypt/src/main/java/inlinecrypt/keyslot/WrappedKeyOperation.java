package inlinecrypt.keyslot;

/** What a device does with hardware-wrapped keys, besides encrypting with them. */
public enum WrappedKeyOperation {
  /** A raw key becomes a long-term blob ({@code blk_crypto_import_key}). */
  IMPORT,
  /** A new key, known to nobody, becomes a long-term blob; no input ({@code …_generate_key}). */
  GENERATE,
  /** A long-term blob becomes an ephemeral one, good for I/O ({@code …_prepare_key}). */
  PREPARE,
  /** An ephemeral blob gives its 32-byte software secret ({@code …_derive_sw_secret}). */
  DERIVE_SOFTWARE_SECRET
}
