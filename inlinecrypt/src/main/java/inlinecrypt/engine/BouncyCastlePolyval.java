package inlinecrypt.engine;

import static inlinecrypt.engine.BouncyCastleBlocks.BLOCK_BYTES;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.bouncycastle.crypto.modes.gcm.GCMMultiplier;
import org.bouncycastle.crypto.modes.gcm.GCMUtil;
import org.bouncycastle.crypto.modes.gcm.Tables8kGCMMultiplier;

/**
 * POLYVAL (RFC 8452, section 3) by Bouncy Castle's tables for GHASH: the bytes of each block are
 * reversed, and the key is the reversed H times x (appendix A).
 *
 * <p>For one thread at a time.
 */
final class BouncyCastlePolyval {
  private static final VarHandle LITTLE =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle BIG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final GCMMultiplier multiplier = new Tables8kGCMMultiplier();
  private final long[] element = new long[2];
  private final byte[] ghashKey = new byte[BLOCK_BYTES];
  private final byte[] s = new byte[BLOCK_BYTES]; // bytes reversed

  /** Takes {@code h} as the hash key and starts; it allocates, as Bouncy Castle copies the key. */
  void start(byte[] h) {
    // A little-endian long is the reversed bytes read as a big-endian one.
    element[0] = (long) LITTLE.get(h, 8);
    element[1] = (long) LITTLE.get(h, 0);
    GCMUtil.multiplyP(element);
    GCMUtil.asBytes(element, ghashKey);
    multiplier.init(ghashKey);
    Arrays.fill(ghashKey, (byte) 0);
    Arrays.fill(element, 0);
    Arrays.fill(s, (byte) 0);
  }

  /** Takes in whole blocks, the last one filled up with zeros. */
  void update(byte[] data, int from, int bytes) {
    int wholeBytes = bytes - bytes % BLOCK_BYTES;
    for (int at = from; at < from + wholeBytes; at += BLOCK_BYTES) {
      update((long) LITTLE.get(data, at), (long) LITTLE.get(data, at + 8));
    }
    if (wholeBytes < bytes) {
      for (int i = wholeBytes; i < bytes; i++) {
        s[BLOCK_BYTES - 1 - (i - wholeBytes)] ^= data[from + i];
      }
      multiplier.multiplyH(s);
    }
  }

  /** Takes in a block of two little-endian numbers. */
  void update(long low, long high) {
    BIG.set(s, 0, (long) BIG.get(s, 0) ^ high);
    BIG.set(s, 8, (long) BIG.get(s, 8) ^ low);
    multiplier.multiplyH(s);
  }

  /** The first 8 bytes of the hash so far, as a little-endian number. */
  long low() {
    return (long) BIG.get(s, 8);
  }

  /** The last 8 bytes of the hash so far, as a little-endian number. */
  long high() {
    return (long) BIG.get(s, 0);
  }

  /** Goes on from a hash that {@link #low} and {@link #high} gave. */
  void resume(long low, long high) {
    BIG.set(s, 0, high);
    BIG.set(s, 8, low);
  }

  /** Overwrites the tables; Bouncy Castle also keeps its hash key, which it only drops. */
  void wipe() {
    multiplier.init(new byte[BLOCK_BYTES]);
    Arrays.fill(s, (byte) 0);
  }
}
