package inlinecrypt;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A key, raw or wrapped by hardware, and what it is for. Immutable, and compared by identity: two
 * keys with equal bytes are two keys, take two keyslots, and their bios never merge.
 *
 * <p>A key holds bytes only; the keyed cipher is made when a keyslot is programmed. Whoever owns
 * the key evicts it from every device before closing it. {@link #close} wipes the bytes, and
 * refuses while a slot or a waiting request still uses them.
 *
 * <p>Thread-safe. Source: {@code struct blk_crypto_key}, {@code Documentation/block/
 * inline-encryption.rst}.
 */
public final class CryptoKey implements AutoCloseable {
  /** The longest blob ({@code BLK_CRYPTO_MAX_HW_WRAPPED_KEY_SIZE}). */
  public static final int MAX_WRAPPED_BYTES = 128;

  private static final int CLOSED = -1;

  private final CryptoConfig config;
  private final byte[] bytes;
  private @Nullable MemorySegment exposed; // kept, so that programming allocates nothing
  private final AtomicInteger uses = new AtomicInteger(); // slots, waiting requests; or CLOSED

  /**
   * Copies {@code bytes}; the caller still owns, and wipes, its own array.
   *
   * @param bytes a raw key of the mode's length, or a blob of the hardware's from the mode's
   *     security strength to {@link #MAX_WRAPPED_BYTES} bytes
   * @throws IllegalArgumentException if the length is not that, or if the two halves of a raw XTS
   *     key are equal ({@link CryptoMode#hasEqualXtsHalves})
   */
  public CryptoKey(CryptoConfig config, byte[] bytes) {
    switch (config.keyType()) {
      case RAW -> checkRaw(config.mode(), bytes);
      case HARDWARE_WRAPPED -> checkWrapped(config.mode(), bytes);
    }
    this.config = config;
    this.bytes = bytes.clone();
  }

  private static void checkRaw(CryptoMode mode, byte[] raw) {
    int keyBytes = mode.keyBytes();
    if (raw.length != keyBytes) {
      throw new IllegalArgumentException(
          mode + " takes a key of " + keyBytes + " bytes, not " + raw.length);
    }
    if (mode.hasEqualXtsHalves(MemorySegment.ofArray(raw))) {
      throw new IllegalArgumentException("the two halves of an XTS key must differ");
    }
  }

  private static void checkWrapped(CryptoMode mode, byte[] blob) {
    if (blob.length < mode.securityStrengthBytes() || blob.length > MAX_WRAPPED_BYTES) {
      throw new IllegalArgumentException(
          "a hardware-wrapped key for "
              + mode
              + " has "
              + mode.securityStrengthBytes()
              + " to "
              + MAX_WRAPPED_BYTES
              + " bytes, not "
              + blob.length);
    }
  }

  public CryptoConfig config() {
    return config;
  }

  /**
   * The secret bytes themselves, read-only and not copied: for programming a slot, and nothing
   * else.
   *
   * @throws IllegalStateException if the key is closed
   */
  public synchronized MemorySegment exposeSecretBytes() {
    checkOpen();
    MemorySegment known = exposed;
    if (known == null) {
      known = MemorySegment.ofArray(bytes).asReadOnly();
      exposed = known;
    }
    return known;
  }

  /**
   * Does nothing.
   *
   * @throws IllegalStateException if the key is closed
   */
  public void checkOpen() {
    if (uses.get() == CLOSED) {
      throw new IllegalStateException("the key is closed");
    }
  }

  /**
   * Notes one more slot or waiting request that needs the key open.
   *
   * @throws IllegalStateException if the key is closed
   */
  public void beginUse() {
    int known;
    do {
      checkOpen();
      known = uses.get();
    } while (known == CLOSED || !uses.compareAndSet(known, known + 1));
  }

  /**
   * Takes back one {@link #beginUse}.
   *
   * @throws IllegalStateException if there is none
   */
  public void endUse() {
    int known;
    do {
      known = uses.get();
      if (known <= 0) {
        throw new IllegalStateException("nobody uses the key");
      }
    } while (!uses.compareAndSet(known, known - 1));
  }

  /**
   * Wipes the bytes. Closing twice does nothing.
   *
   * @throws IllegalStateException if a slot or a waiting request uses the key; nothing is wiped
   */
  @Override
  public synchronized void close() {
    int known = uses.get();
    while (known == 0 && !uses.compareAndSet(0, CLOSED)) {
      known = uses.get();
    }
    if (known > 0) {
      throw new IllegalStateException(
          "the key is still in use by " + known + " slots or requests: evict it first");
    }
    Arrays.fill(bytes, (byte) 0);
  }

  @Override
  public String toString() {
    return "CryptoKey[" + config + "]";
  }
}
