package inlinecrypt.engine;

import inlinecrypt.mode.Ghash;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * AES-256-GCM over the JDK's AES (NIST SP 800-38D, section 7; names are the paper's).
 *
 * <p>The JDK's own {@code AES/GCM} has a faster GHASH, but takes an {@code init} for each message,
 * which allocates 880 bytes; and when it decrypts, it holds back all plaintext until the tag is
 * there.
 */
final class JceGcm extends LanedAead<JceGcm.Lane> {
  private static final int BLOCK_BYTES = JceCipher.BLOCK_BYTES;
  private static final int BATCH_BYTES = 4096;

  static final class Lane {
    private final JceCipher encryption;
    private final Ghash hash = new Ghash();
    private final byte[] nonce = new byte[BLOCK_BYTES]; // J0
    private final byte[] tag = new byte[BLOCK_BYTES];
    private final byte[] counters = new byte[BATCH_BYTES];
    private final byte[] stream = new byte[BATCH_BYTES];
    private final byte[] data = new byte[BATCH_BYTES];

    private Lane(byte[] key) {
      encryption = JceCipher.blockEncryption(key, 0, key.length);
      encryption.transform(counters, 0, BLOCK_BYTES, stream, 0);
      hash.key(stream, 0); // H
    }

    private void wipe() {
      encryption.forgetKey();
      hash.wipe();
      for (byte[] array : new byte[][] {nonce, tag, counters, stream, data}) {
        Arrays.fill(array, (byte) 0);
      }
    }
  }

  private final byte[] key;

  JceGcm(MemorySegment key) {
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
    transform(lane, true, nonce, associatedData, source, target);
    MemorySegment.copy(lane.tag, 0, tag, ValueLayout.JAVA_BYTE, 0, BLOCK_BYTES);
  }

  @Override
  boolean openMessage(
      Lane lane,
      MemorySegment nonce,
      MemorySegment associatedData,
      MemorySegment source,
      MemorySegment target,
      MemorySegment tag) {
    transform(lane, false, nonce, associatedData, source, target);
    return JceXor.isTag(lane.tag, tag);
  }

  /** Transforms the message and puts the tag of its ciphertext into the lane. */
  private static void transform(
      Lane lane,
      boolean seal,
      MemorySegment nonce,
      MemorySegment associatedData,
      MemorySegment source,
      MemorySegment target) {
    Ghash hash = lane.hash;
    MemorySegment.copy(nonce, ValueLayout.JAVA_BYTE, 0, lane.nonce, 0, (int) nonce.byteSize());
    lane.nonce[BLOCK_BYTES - 1] = 1;
    hash.start();
    for (long at = 0; at < associatedData.byteSize(); at += BATCH_BYTES) {
      int batchBytes = (int) Math.min(BATCH_BYTES, associatedData.byteSize() - at);
      MemorySegment.copy(associatedData, ValueLayout.JAVA_BYTE, at, lane.data, 0, batchBytes);
      hash.bytes(lane.data, 0, batchBytes);
    }
    int counter = 2;
    for (long at = 0; at < source.byteSize(); at += BATCH_BYTES) {
      int batchBytes = (int) Math.min(BATCH_BYTES, source.byteSize() - at);
      MemorySegment.copy(source, ValueLayout.JAVA_BYTE, at, lane.data, 0, batchBytes);
      if (!seal) {
        hash.bytes(lane.data, 0, batchBytes);
      }
      encryptCounters(lane, counter, batchBytes);
      counter += BATCH_BYTES / BLOCK_BYTES;
      JceXor.into(lane.data, 0, lane.stream, 0, batchBytes);
      if (seal) {
        hash.bytes(lane.data, 0, batchBytes);
      }
      MemorySegment.copy(lane.data, 0, target, ValueLayout.JAVA_BYTE, at, batchBytes);
    }
    // T = GCTR(K, J0, S), S = GHASH(A || 0 || C || 0 || [len(A)] || [len(C)]), lengths big-endian
    hash.block(Byte.SIZE * associatedData.byteSize(), Byte.SIZE * source.byteSize());
    lane.encryption.transform(lane.nonce, 0, BLOCK_BYTES, lane.tag, 0);
    JceXor.setLong(lane.tag, 0, JceXor.getLong(lane.tag, 0) ^ hash.low());
    JceXor.setLong(lane.tag, Long.BYTES, JceXor.getLong(lane.tag, Long.BYTES) ^ hash.high());
  }

  /** Puts key stream for {@code lengthBytes} bytes into {@code stream}. */
  private static void encryptCounters(Lane lane, int counter, int lengthBytes) {
    int streamBytes = lengthBytes + BLOCK_BYTES - 1 & -BLOCK_BYTES;
    long nonceLow = JceXor.getLong(lane.nonce, 0);
    long nonceHigh = JceXor.getLong(lane.nonce, Long.BYTES) & 0xffff_ffffL;
    for (int at = 0; at < streamBytes; at += BLOCK_BYTES) {
      JceXor.setLong(lane.counters, at, nonceLow);
      JceXor.setLong(
          lane.counters,
          at + Long.BYTES,
          nonceHigh | (long) Integer.reverseBytes(counter++) << Integer.SIZE);
    }
    lane.encryption.transform(lane.counters, 0, streamBytes, lane.stream, 0);
  }
}
