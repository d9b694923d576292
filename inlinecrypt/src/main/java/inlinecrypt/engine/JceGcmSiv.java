package inlinecrypt.engine;

import inlinecrypt.AeadMode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * AES-256-GCM-SIV over the JDK's AES (RFC 8452, section 4; names are the RFC's).
 *
 * <p>Each nonce has its own AES key, and the JDK makes a key schedule only in an {@code init} that
 * allocates: a few hundred bytes for each message, however long. It is the one exception in this
 * engine, and the schedule of the last message lives until the next message or the close.
 */
final class JceGcmSiv extends LanedAead<JceGcmSiv.Lane> {
  private static final int BLOCK_BYTES = JceCipher.BLOCK_BYTES;
  private static final int BATCH_BYTES = 4096;
  private static final int AUTHENTICATION_KEY_BYTES = 16;
  private static final int ENCRYPTION_KEY_BYTES = 32;
  private static final int DERIVED_BYTES = AUTHENTICATION_KEY_BYTES + ENCRYPTION_KEY_BYTES;

  static final class Lane {
    private final JceCipher keyGeneration;
    private final JceCipher encryption;
    private final JcePolyval hash = JcePolyval.polyval();
    private final byte[] nonce = new byte[BLOCK_BYTES];
    private final byte[] tag = new byte[BLOCK_BYTES];
    private final byte[] derived = new byte[DERIVED_BYTES];
    private final byte[] counters = new byte[BATCH_BYTES];
    private final byte[] stream = new byte[BATCH_BYTES];
    private final byte[] data = new byte[BATCH_BYTES];

    private Lane(byte[] key) {
      keyGeneration = JceCipher.blockEncryption(key, 0, key.length);
      encryption = JceCipher.blockEncryption(key, 0, key.length);
    }

    private void wipe() {
      keyGeneration.forgetKey();
      encryption.forgetKey();
      hash.wipe();
      for (byte[] array : new byte[][] {nonce, tag, derived, counters, stream, data}) {
        Arrays.fill(array, (byte) 0);
      }
    }
  }

  private final byte[] key;

  JceGcmSiv(MemorySegment key) {
    this.key = key.toArray(ValueLayout.JAVA_BYTE);
  }

  @Override
  Lane openLane() {
    return new Lane(key);
  }

  @Override
  void closeLane(Lane lane) {
    lane.wipe();
  }

  @Override
  void closeKey() {
    Arrays.fill(key, (byte) 0);
  }

  @Override
  void sealMessage(
      Lane lane,
      MemorySegment nonce,
      MemorySegment associatedData,
      MemorySegment source,
      MemorySegment target,
      MemorySegment tag) {
    startMessage(lane, nonce, associatedData);
    for (long at = 0; at < source.byteSize(); at += BATCH_BYTES) {
      lane.hash.update(lane.data, 0, load(lane, source, at));
    }
    finishTag(lane, associatedData.byteSize(), source.byteSize());
    MemorySegment.copy(lane.tag, 0, tag, ValueLayout.JAVA_BYTE, 0, BLOCK_BYTES);
    int counter = startCounting(lane);
    for (long at = 0; at < source.byteSize(); at += BATCH_BYTES) {
      int batchBytes = load(lane, source, at);
      counter = xorStream(lane, counter, batchBytes);
      MemorySegment.copy(lane.data, 0, target, ValueLayout.JAVA_BYTE, at, batchBytes);
    }
  }

  @Override
  boolean openMessage(
      Lane lane,
      MemorySegment nonce,
      MemorySegment associatedData,
      MemorySegment source,
      MemorySegment target,
      MemorySegment tag) {
    startMessage(lane, nonce, associatedData);
    MemorySegment.copy(tag, ValueLayout.JAVA_BYTE, 0, lane.tag, 0, BLOCK_BYTES);
    int counter = startCounting(lane);
    for (long at = 0; at < source.byteSize(); at += BATCH_BYTES) {
      int batchBytes = load(lane, source, at);
      counter = xorStream(lane, counter, batchBytes);
      lane.hash.update(lane.data, 0, batchBytes);
      MemorySegment.copy(lane.data, 0, target, ValueLayout.JAVA_BYTE, at, batchBytes);
    }
    finishTag(lane, associatedData.byteSize(), source.byteSize());
    return JceXor.isTag(lane.tag, tag);
  }

  /** Derives the keys of the nonce and hashes the associated data. */
  private static void startMessage(Lane lane, MemorySegment nonce, MemorySegment associatedData) {
    MemorySegment.copy(
        nonce, ValueLayout.JAVA_BYTE, 0, lane.nonce, 0, AeadMode.NONCE_BYTES);
    long nonceLow = JceXor.getLong(lane.nonce, 0);
    long nonceHigh = JceXor.getLong(lane.nonce, Long.BYTES);
    // A derived block is the counter, the nonce; of its encryption only the first half is used.
    int derivedBlockBytes = DERIVED_BYTES / Long.BYTES * BLOCK_BYTES;
    for (int at = 0, counter = 0; at < derivedBlockBytes; at += BLOCK_BYTES, counter++) {
      JceXor.setLong(lane.counters, at, nonceLow << Integer.SIZE | counter);
      JceXor.setLong(
          lane.counters,
          at + Long.BYTES,
          nonceHigh << Integer.SIZE | nonceLow >>> Integer.SIZE);
    }
    lane.keyGeneration.transform(lane.counters, 0, derivedBlockBytes, lane.stream, 0);
    for (int at = 0; at < DERIVED_BYTES; at += Long.BYTES) {
      JceXor.setLong(lane.derived, at, JceXor.getLong(lane.stream, 2 * at));
    }
    lane.hash.setKey(lane.derived, 0);
    lane.encryption.changeKey(lane.derived, AUTHENTICATION_KEY_BYTES, ENCRYPTION_KEY_BYTES);
    for (long at = 0; at < associatedData.byteSize(); at += BATCH_BYTES) {
      lane.hash.update(lane.data, 0, load(lane, associatedData, at));
    }
  }

  /** Puts the tag of what was hashed into the lane. */
  private static void finishTag(Lane lane, long associatedBytes, long plaintextBytes) {
    lane.hash.update(Byte.SIZE * associatedBytes, Byte.SIZE * plaintextBytes);
    long low = lane.hash.resultLow() ^ JceXor.getLong(lane.nonce, 0);
    long high = lane.hash.resultHigh() ^ JceXor.getLong(lane.nonce, Long.BYTES);
    JceXor.setLong(lane.data, 0, low);
    JceXor.setLong(lane.data, Long.BYTES, high & Long.MAX_VALUE); // the last bit of the block
    lane.encryption.transform(lane.data, 0, BLOCK_BYTES, lane.tag, 0);
  }

  /** Copies the batch at {@code at} into {@code data}; its length. */
  private static int load(Lane lane, MemorySegment source, long at) {
    int batchBytes = (int) Math.min(BATCH_BYTES, source.byteSize() - at);
    MemorySegment.copy(source, ValueLayout.JAVA_BYTE, at, lane.data, 0, batchBytes);
    return batchBytes;
  }

  /** The first counter: the first four bytes of the tag. */
  private static int startCounting(Lane lane) {
    return (int) JceXor.getLong(lane.tag, 0);
  }

  /** {@code data} xor the encrypted counter blocks from {@code counter} on; the next counter. */
  private static int xorStream(Lane lane, int counter, int lengthBytes) {
    int streamBytes = lengthBytes + BLOCK_BYTES - 1 & -BLOCK_BYTES;
    long low = JceXor.getLong(lane.tag, 0) & ~0xffff_ffffL;
    long high = JceXor.getLong(lane.tag, Long.BYTES) | Long.MIN_VALUE;
    for (int at = 0; at < streamBytes; at += BLOCK_BYTES) {
      JceXor.setLong(lane.counters, at, low | counter++ & 0xffff_ffffL);
      JceXor.setLong(lane.counters, at + Long.BYTES, high);
    }
    lane.encryption.transform(lane.counters, 0, streamBytes, lane.stream, 0);
    JceXor.into(lane.data, 0, lane.stream, 0, lengthBytes);
    return counter;
  }
}
