package inlinecrypt.engine;

import static inlinecrypt.engine.BouncyCastleBlocks.BLOCK_BYTES;

import inlinecrypt.mode.Scratch;
import inlinecrypt.mode.UnitCipher;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.bouncycastle.crypto.BlockCipher;

/**
 * XTS with ciphertext stealing, the tweak kept in two longs (IEEE Std 1619, clause 5). SM4 has the
 * same doubling here.
 */
final class BouncyCastleXts implements UnitCipher {
  private static final long TWEAK_POLYNOMIAL = 0x87; // IEEE Std 1619, 5.2
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final BlockCipher encrypting;
  private final BlockCipher decrypting;
  private final BlockCipher tweaking;
  private final byte[] iv = new byte[BLOCK_BYTES];
  private long tweakLow;
  private long tweakHigh;

  BouncyCastleXts(BouncyCastleBlocks blocks, byte[] key) {
    int halfBytes = key.length / 2;
    encrypting = blocks.encrypting(key, 0, halfBytes);
    decrypting = blocks.decrypting(key, 0, halfBytes);
    tweaking = blocks.encrypting(key, halfBytes, halfBytes);
  }

  @Override
  public void encrypt(Scratch scratch, int unitBytes, long iv0, long iv1, long iv2, long iv3) {
    byte[] unit = scratch.bytes();
    start(iv0, iv1);
    int partialBytes = unitBytes % BLOCK_BYTES;
    int partial = unitBytes - partialBytes;
    transform(encrypting, unit, 0, partial);
    if (partialBytes > 0) {
      // The partial block gets the front of the ciphertext before it, which gets the plaintext.
      swap(unit, partial - BLOCK_BYTES, partial, partialBytes);
      transform(encrypting, unit, partial - BLOCK_BYTES, partial);
    }
  }

  @Override
  public void decrypt(Scratch scratch, int unitBytes, long iv0, long iv1, long iv2, long iv3) {
    byte[] unit = scratch.bytes();
    start(iv0, iv1);
    int partialBytes = unitBytes % BLOCK_BYTES;
    int partial = unitBytes - partialBytes;
    if (partialBytes == 0) {
      transform(decrypting, unit, 0, unitBytes);
      return;
    }
    int lastWhole = partial - BLOCK_BYTES;
    transform(decrypting, unit, 0, lastWhole);
    long low = tweakLow;
    long high = tweakHigh;
    doubleTweak();
    transform(decrypting, unit, lastWhole, partial); // with the tweak that comes last
    swap(unit, lastWhole, partial, partialBytes);
    tweakLow = low;
    tweakHigh = high;
    transform(decrypting, unit, lastWhole, partial);
  }

  private void start(long iv0, long iv1) {
    LONG.set(iv, 0, iv0);
    LONG.set(iv, 8, iv1);
    tweaking.processBlock(iv, 0, iv, 0);
    tweakLow = (long) LONG.get(iv, 0);
    tweakHigh = (long) LONG.get(iv, 8);
  }

  /** Transforms whole blocks and leaves the tweak of the next. */
  private void transform(BlockCipher cipher, byte[] unit, int from, int to) {
    for (int at = from; at < to; at += BLOCK_BYTES) {
      xorTweak(unit, at);
      cipher.processBlock(unit, at, unit, at);
      xorTweak(unit, at);
      doubleTweak();
    }
  }

  private void xorTweak(byte[] unit, int at) {
    LONG.set(unit, at, (long) LONG.get(unit, at) ^ tweakLow);
    LONG.set(unit, at + 8, (long) LONG.get(unit, at + 8) ^ tweakHigh);
  }

  private void doubleTweak() {
    long carry = tweakHigh >> 63; // all ones if the bit that leaves the tweak is set
    tweakHigh = tweakHigh << 1 | tweakLow >>> 63;
    tweakLow = tweakLow << 1 ^ carry & TWEAK_POLYNOMIAL;
  }

  private static void swap(byte[] unit, int one, int other, int bytes) {
    for (int i = 0; i < bytes; i++) {
      byte kept = unit[one + i];
      unit[one + i] = unit[other + i];
      unit[other + i] = kept;
    }
  }

  @Override
  public void close() {
    BouncyCastleBlocks.wipe(encrypting);
    BouncyCastleBlocks.wipe(decrypting);
    BouncyCastleBlocks.wipe(tweaking);
    Arrays.fill(iv, (byte) 0);
    tweakLow = 0;
    tweakHigh = 0;
  }
}
