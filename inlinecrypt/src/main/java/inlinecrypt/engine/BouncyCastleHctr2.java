package inlinecrypt.engine;

import static inlinecrypt.engine.BouncyCastleBlocks.BLOCK_BYTES;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.bouncycastle.crypto.BlockCipher;

/**
 * HCTR2 over AES, in the letters of its paper (Crowley, Huckleberry and Biggers, "Length-preserving
 * encryption with HCTR2", 2021): M is the first block of a data unit, N the rest, U and V their
 * ciphertext.
 *
 * <pre>
 * MM = M ^ H(T, N)     UU = E(MM)     S = MM ^ UU ^ L
 * V = N ^ XCTR(S)      U = UU ^ H(T, V)
 * </pre>
 */
final class BouncyCastleHctr2 implements BouncyCastleMode {
  private static final int TWEAK_BYTES = 32;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final BlockCipher encrypting;
  private final BlockCipher decrypting;
  private final BouncyCastlePolyval polyval = new BouncyCastlePolyval();
  private final byte[] l = new byte[BLOCK_BYTES];

  private final byte[] block = new byte[BLOCK_BYTES];
  private long tweakHashLow; // the hash of length and tweak, with which both H start
  private long tweakHashHigh;
  private long mmLow;
  private long mmHigh;
  private long uuLow;
  private long uuHigh;

  BouncyCastleHctr2(byte[] key) {
    encrypting = BouncyCastleBlocks.AES.encrypting(key, 0, key.length);
    decrypting = BouncyCastleBlocks.AES.decrypting(key, 0, key.length);
    byte[] h = new byte[BLOCK_BYTES];
    encrypting.processBlock(h, 0, h, 0);
    polyval.start(h);
    Arrays.fill(h, (byte) 0);
    l[0] = 1;
    encrypting.processBlock(l, 0, l, 0);
  }

  @Override
  public void encrypt(byte[] iv, byte[] unit, int unitBytes) {
    hashTweak(iv, unitBytes);
    hash(unit, unitBytes);
    mmLow = (long) LONG.get(unit, 0) ^ polyval.low();
    mmHigh = (long) LONG.get(unit, 8) ^ polyval.high();
    set(block, mmLow, mmHigh);
    encrypting.processBlock(block, 0, block, 0);
    uuLow = (long) LONG.get(block, 0);
    uuHigh = (long) LONG.get(block, 8);
    xorXctr(unit, unitBytes);
    hash(unit, unitBytes);
    set(unit, uuLow ^ polyval.low(), uuHigh ^ polyval.high());
  }

  @Override
  public void decrypt(byte[] iv, byte[] unit, int unitBytes) {
    hashTweak(iv, unitBytes);
    hash(unit, unitBytes);
    uuLow = (long) LONG.get(unit, 0) ^ polyval.low();
    uuHigh = (long) LONG.get(unit, 8) ^ polyval.high();
    set(block, uuLow, uuHigh);
    decrypting.processBlock(block, 0, block, 0);
    mmLow = (long) LONG.get(block, 0);
    mmHigh = (long) LONG.get(block, 8);
    xorXctr(unit, unitBytes);
    hash(unit, unitBytes);
    set(unit, mmLow ^ polyval.low(), mmHigh ^ polyval.high());
  }

  /**
   * The front of H: a block that tells the tweak's length, and whether N is whole blocks; then T.
   */
  private void hashTweak(byte[] iv, int unitBytes) {
    int lengthBlock = 2 * 8 * TWEAK_BYTES + (unitBytes % BLOCK_BYTES == 0 ? 2 : 3);
    polyval.resume(0, 0);
    polyval.update(lengthBlock, 0);
    polyval.update(iv, 0, TWEAK_BYTES);
    tweakHashLow = polyval.low();
    tweakHashHigh = polyval.high();
  }

  /** H of the tweak and of all but the first block, which gets a 1 and zeros if not whole. */
  private void hash(byte[] unit, int unitBytes) {
    int partialBytes = unitBytes % BLOCK_BYTES;
    polyval.resume(tweakHashLow, tweakHashHigh);
    polyval.update(unit, BLOCK_BYTES, unitBytes - partialBytes - BLOCK_BYTES);
    if (partialBytes > 0) {
      System.arraycopy(unit, unitBytes - partialBytes, block, 0, partialBytes);
      block[partialBytes] = 1;
      polyval.update(block, 0, partialBytes + 1);
    }
  }

  /** XORs the keystream E(S ^ 1), E(S ^ 2), … into all but the first block. */
  private void xorXctr(byte[] unit, int unitBytes) {
    long sLow = mmLow ^ uuLow ^ (long) LONG.get(l, 0);
    long sHigh = mmHigh ^ uuHigh ^ (long) LONG.get(l, 8);
    long number = 1;
    for (int at = BLOCK_BYTES; at < unitBytes; at += BLOCK_BYTES) {
      set(block, sLow ^ number++, sHigh);
      encrypting.processBlock(block, 0, block, 0);
      BouncyCastleBlocks.xor(block, 0, unit, at, Math.min(BLOCK_BYTES, unitBytes - at));
    }
  }

  private static void set(byte[] block, long low, long high) {
    LONG.set(block, 0, low);
    LONG.set(block, 8, high);
  }

  @Override
  public void wipe() {
    BouncyCastleBlocks.wipe(encrypting);
    BouncyCastleBlocks.wipe(decrypting);
    polyval.wipe();
    Arrays.fill(l, (byte) 0);
    Arrays.fill(block, (byte) 0);
    tweakHashLow = 0;
    tweakHashHigh = 0;
    mmLow = 0;
    mmHigh = 0;
    uuLow = 0;
    uuHigh = 0;
  }
}
