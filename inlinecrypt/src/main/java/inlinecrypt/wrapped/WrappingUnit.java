package inlinecrypt.wrapped;

import inlinecrypt.AeadMode;
import inlinecrypt.engine.AeadCipher;
import inlinecrypt.engine.CipherEngine;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Wraps 32-byte keys into blobs that only it can open. A long-term blob opens for ever; an
 * ephemeral one until {@link #powerCycle}.
 *
 * <p>A blob has {@link #BLOB_BYTES} bytes, sealed with AES-256-GCM under the wrapping key of its
 * form; Linux allows 128, and what is in them is the hardware's affair. This is ours:
 *
 * <pre>
 * 0 version 1 | 1 form: 1 long-term, 2 ephemeral | 2 zero (2) | 4 nonce (12)
 * 16 the raw key, encrypted (32) | 48 tag (16)
 * </pre>
 *
 * <p>Bytes 0 to 3 are authenticated. A nonce is a hash of the fused secret, the boot, the number of
 * the blob and the raw key itself, so that runs repeat, and yet no two keys ever share one.
 *
 * <p>Not thread-safe. What the engine keeps until closed apart, no raw key outlives a call.
 */
public final class WrappingUnit implements AutoCloseable {
  public static final int FUSED_SECRET_BYTES = 32;
  public static final int BLOB_BYTES = 64;

  private static final int VERSION = 1;
  private static final int HEADER_BYTES = 4;
  private static final int NONCE = 4;
  private static final int CIPHERTEXT = 16;
  private static final int TAG = 48;
  private static final byte[] NOTHING = {};

  private final byte[] fusedSecret;
  private final CipherEngine engine = CipherEngine.fastest(AeadMode.AES_256_GCM);
  private final AeadCipher longTerm;
  private AeadCipher ephemeral;
  private int boot = 1;
  private long draws; // in this boot

  /**
   * Hardware at its first boot.
   *
   * @param fusedSecret 32 bytes, copied: what this hardware has and no other
   */
  public WrappingUnit(byte[] fusedSecret) {
    if (fusedSecret.length != FUSED_SECRET_BYTES) {
      throw new IllegalArgumentException(
          "a fused secret has " + FUSED_SECRET_BYTES + " bytes, not " + fusedSecret.length);
    }
    this.fusedSecret = fusedSecret.clone();
    longTerm = wrappingKey(engine, fusedSecret, BlobForm.LONG_TERM, 0);
    ephemeral = wrappingKey(engine, fusedSecret, BlobForm.EPHEMERAL, boot);
  }

  /** Takes a new ephemeral wrapping key: ephemeral blobs from before no longer open. */
  public void powerCycle() {
    ephemeral.close();
    boot++;
    draws = 0;
    ephemeral = wrappingKey(engine, fusedSecret, BlobForm.EPHEMERAL, boot);
  }

  /**
   * A long-term blob of a key that software knows.
   *
   * @throws IllegalArgumentException if the raw key has not 32 bytes
   */
  public byte[] importKey(byte[] rawKey) {
    if (rawKey.length != WrappedKeyDerivation.RAW_KEY_BYTES) {
      throw new IllegalArgumentException(
          "hardware-wrapped keys have "
              + WrappedKeyDerivation.RAW_KEY_BYTES
              + " raw bytes, not "
              + rawKey.length);
    }
    byte[] blob = new byte[BLOB_BYTES];
    wrap(BlobForm.LONG_TERM, rawKey, blob);
    return blob;
  }

  /** A long-term blob of a key that nobody knows. */
  public byte[] generateKey() {
    byte[] rawKey = hash(fusedSecret, "raw key", boot, ++draws, NOTHING);
    try {
      return importKey(rawKey);
    } finally {
      Arrays.fill(rawKey, (byte) 0);
    }
  }

  /**
   * Fills {@code ephemeralBlob}, of 64 bytes, with the key of {@code longTermBlob}.
   *
   * @return false if that is no long-term blob of this hardware
   */
  public boolean prepareKey(byte[] longTermBlob, byte[] ephemeralBlob) {
    byte[] rawKey = new byte[WrappedKeyDerivation.RAW_KEY_BYTES];
    try {
      boolean opened = unwrap(BlobForm.LONG_TERM, longTermBlob, rawKey);
      if (opened) {
        wrap(BlobForm.EPHEMERAL, rawKey, ephemeralBlob);
      }
      return opened;
    } finally {
      Arrays.fill(rawKey, (byte) 0);
    }
  }

  /**
   * Fills {@code target}, of 32 bytes, with the key's software secret.
   *
   * @return false if {@code ephemeralBlob} is none of this hardware's and boot's
   */
  public boolean softwareSecret(byte[] ephemeralBlob, byte[] target) {
    byte[] rawKey = new byte[WrappedKeyDerivation.RAW_KEY_BYTES];
    try {
      boolean opened = unwrap(BlobForm.EPHEMERAL, ephemeralBlob, rawKey);
      if (opened) {
        WrappedKeyDerivation.softwareSecret(rawKey, target);
      }
      return opened;
    } finally {
      Arrays.fill(rawKey, (byte) 0);
    }
  }

  /**
   * Fills {@code target}, of 64 bytes, with the key's inline encryption key: for a keyslot and
   * nothing else.
   *
   * @return false if {@code ephemeralBlob} is none of this hardware's and boot's
   */
  public boolean inlineKey(byte[] ephemeralBlob, byte[] target) {
    byte[] rawKey = new byte[WrappedKeyDerivation.RAW_KEY_BYTES];
    try {
      boolean opened = unwrap(BlobForm.EPHEMERAL, ephemeralBlob, rawKey);
      if (opened) {
        WrappedKeyDerivation.inlineKey(rawKey, target);
      }
      return opened;
    } finally {
      Arrays.fill(rawKey, (byte) 0);
    }
  }

  private void wrap(BlobForm form, byte[] rawKey, byte[] blob) {
    Arrays.fill(blob, 0, HEADER_BYTES, (byte) 0);
    blob[0] = VERSION;
    blob[1] = (byte) form.code;
    byte[] nonce = hash(fusedSecret, "nonce", boot, ++draws, rawKey);
    System.arraycopy(nonce, 0, blob, NONCE, AeadMode.NONCE_BYTES);
    MemorySegment bytes = MemorySegment.ofArray(blob);
    cipher(form)
        .seal(
            bytes.asSlice(NONCE, AeadMode.NONCE_BYTES),
            bytes.asSlice(0, HEADER_BYTES),
            MemorySegment.ofArray(rawKey),
            bytes.asSlice(CIPHERTEXT, rawKey.length),
            bytes.asSlice(TAG, AeadMode.TAG_BYTES));
  }

  private boolean unwrap(BlobForm form, byte[] blob, byte[] rawKey) {
    if (blob.length != BLOB_BYTES || blob[0] != VERSION || blob[1] != form.code) {
      return false;
    }
    MemorySegment bytes = MemorySegment.ofArray(blob);
    return cipher(form)
        .open(
            bytes.asSlice(NONCE, AeadMode.NONCE_BYTES),
            bytes.asSlice(0, HEADER_BYTES),
            bytes.asSlice(CIPHERTEXT, rawKey.length),
            MemorySegment.ofArray(rawKey),
            bytes.asSlice(TAG, AeadMode.TAG_BYTES));
  }

  private AeadCipher cipher(BlobForm form) {
    return form == BlobForm.LONG_TERM ? longTerm : ephemeral;
  }

  private static AeadCipher wrappingKey(
      CipherEngine engine, byte[] fusedSecret, BlobForm form, int boot) {
    byte[] key = hash(fusedSecret, form.label, boot, 0, NOTHING);
    try {
      return engine.prepareAead(AeadMode.AES_256_GCM, MemorySegment.ofArray(key));
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /** 32 bytes that follow from all that is given. No label is the start of another. */
  private static byte[] hash(
      byte[] fusedSecret, String label, int boot, long number, byte[] rawKey) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(fusedSecret);
      sha256.update(label.getBytes(StandardCharsets.US_ASCII));
      sha256.update(ByteBuffer.allocate(12).putInt(boot).putLong(number).flip());
      byte[] digest = sha256.digest(rawKey);
      sha256.reset(); // Until then it keeps the end of what it hashed: half the raw key.
      return digest;
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /** Wipes the fused secret and the wrapping keys. */
  @Override
  public void close() {
    Arrays.fill(fusedSecret, (byte) 0);
    longTerm.close();
    ephemeral.close();
  }
}
