package inlinecrypt.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.bouncycastle.crypto.macs.Poly1305;

/**
 * Adiantum's NH: makes 32 bytes of each 1024-byte piece of a message, which go to Poly1305 (Crowley
 * and Biggers, "Adiantum: length-preserving encryption for entry-level processors", 2018). Four
 * passes over a piece, each with the key four words further on, run side by side.
 *
 * <p>For one thread at a time.
 */
final class BouncyCastleNh {
  static final int KEY_BYTES = 1072;

  private static final int PIECE_BYTES = 1024;
  private static final int STRIDE_BYTES = 16;
  private static final int HASH_BYTES = 32;
  private static final long WORD = 0xffffffffL;
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final int[] key = new int[KEY_BYTES / 4];
  private final byte[] lastStride = new byte[STRIDE_BYTES];
  private final byte[] hash = new byte[HASH_BYTES];
  private long sum0;
  private long sum1;
  private long sum2;
  private long sum3;

  BouncyCastleNh(byte[] key, int offset) {
    for (int i = 0; i < this.key.length; i++) {
      this.key[i] = (int) INT.get(key, offset + 4 * i);
    }
  }

  /** Feeds the hashes of the first {@code messageBytes} of {@code message} to {@code mac}. */
  void hashInto(Poly1305 mac, byte[] message, int messageBytes) {
    for (int at = 0; at < messageBytes; at += PIECE_BYTES) {
      int pieceBytes = Math.min(PIECE_BYTES, messageBytes - at);
      int partialBytes = pieceBytes % STRIDE_BYTES;
      int wholeBytes = pieceBytes - partialBytes;
      sum0 = 0;
      sum1 = 0;
      sum2 = 0;
      sum3 = 0;
      addStrides(message, at, wholeBytes, 0);
      if (partialBytes > 0) {
        Arrays.fill(lastStride, (byte) 0);
        System.arraycopy(message, at + wholeBytes, lastStride, 0, partialBytes);
        addStrides(lastStride, 0, STRIDE_BYTES, wholeBytes / 4);
      }
      LONG.set(hash, 0, sum0);
      LONG.set(hash, 8, sum1);
      LONG.set(hash, 16, sum2);
      LONG.set(hash, 24, sum3);
      mac.update(hash, 0, HASH_BYTES);
    }
  }

  /** Adds whole strides to the sums of the four passes; {@code keyIndex} is that of the first. */
  private void addStrides(byte[] message, int from, int bytes, int keyIndex) {
    int[] k = key;
    int j = keyIndex;
    long s0 = sum0;
    long s1 = sum1;
    long s2 = sum2;
    long s3 = sum3;
    for (int at = from; at < from + bytes; at += STRIDE_BYTES, j += 4) {
      int m0 = (int) INT.get(message, at);
      int m1 = (int) INT.get(message, at + 4);
      int m2 = (int) INT.get(message, at + 8);
      int m3 = (int) INT.get(message, at + 12);
      s0 += product(m0 + k[j], m2 + k[j + 2]) + product(m1 + k[j + 1], m3 + k[j + 3]);
      s1 += product(m0 + k[j + 4], m2 + k[j + 6]) + product(m1 + k[j + 5], m3 + k[j + 7]);
      s2 += product(m0 + k[j + 8], m2 + k[j + 10]) + product(m1 + k[j + 9], m3 + k[j + 11]);
      s3 += product(m0 + k[j + 12], m2 + k[j + 14]) + product(m1 + k[j + 13], m3 + k[j + 15]);
    }
    sum0 = s0;
    sum1 = s1;
    sum2 = s2;
    sum3 = s3;
  }

  private static long product(int a, int b) {
    return (a & WORD) * (b & WORD);
  }

  void wipe() {
    Arrays.fill(key, 0);
    Arrays.fill(lastStride, (byte) 0);
    Arrays.fill(hash, (byte) 0);
    sum0 = 0;
    sum1 = 0;
    sum2 = 0;
    sum3 = 0;
  }
}
