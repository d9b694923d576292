package inlinecrypt.engine;

import static inlinecrypt.engine.BouncyCastleBlocks.BLOCK_BYTES;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.bouncycastle.crypto.modes.gcm.GCMMultiplier;
import org.bouncycastle.crypto.modes.gcm.Tables8kGCMMultiplier;

/**
 * GHASH (NIST SP 800-38D, 6.4) by Bouncy Castle's tables of multiples of H.
 *
 * <p>For one thread at a time.
 */
final class BouncyCastleGhash {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  // With 4 KiB of tables GCM is 7 % slower; with 64 KiB it is no faster, and keying takes 5 times
  // as long.
  private final GCMMultiplier multiplier = new Tables8kGCMMultiplier();
  private final byte[] y = new byte[BLOCK_BYTES];

  /** Takes {@code h} as the hash key; the array itself is not kept. */
  BouncyCastleGhash(byte[] h) {
    multiplier.init(h);
  }

  void restart() {
    Arrays.fill(y, (byte) 0);
  }

  /** Takes in whole blocks, the last one filled up with zeros. */
  void update(byte[] data, int bytes) {
    for (int at = 0; at < bytes; at += BLOCK_BYTES) {
      BouncyCastleBlocks.xor(data, at, y, 0, Math.min(BLOCK_BYTES, bytes - at));
      multiplier.multiplyH(y);
    }
  }

  /** Takes in the block that ends the hash of GCM: both lengths in bits. */
  void updateLengths(long associatedBytes, long messageBytes) {
    LONG.set(y, 0, (long) LONG.get(y, 0) ^ 8 * associatedBytes);
    LONG.set(y, 8, (long) LONG.get(y, 8) ^ 8 * messageBytes);
    multiplier.multiplyH(y);
  }

  /** XORs the hash into {@code block}. */
  void xorInto(byte[] block) {
    BouncyCastleBlocks.xor(y, 0, block, 0, BLOCK_BYTES);
  }

  /** Overwrites the tables; Bouncy Castle also keeps H itself, which it only drops. */
  void wipe() {
    multiplier.init(new byte[BLOCK_BYTES]);
    restart();
  }
}
