package inlinecrypt.engine;

import static inlinecrypt.engine.BouncyCastleBlocks.BLOCK_BYTES;

import inlinecrypt.mode.Scratch;
import inlinecrypt.mode.UnitCipher;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.bouncycastle.crypto.BlockCipher;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.jspecify.annotations.Nullable;

/**
 * CBC (NIST SP 800-38A, 6.2), the IV taken as it is or made by ESSIV: encrypted with AES-256 under
 * the SHA-256 of the key (Fruhwirth, "New methods in hard disk encryption", 2005).
 *
 * <p>Bouncy Castle's own CBC copies its IV with each initialization; this one does not allocate.
 */
final class BouncyCastleCbc implements UnitCipher {
  private static final int SHA256_BYTES = 32;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final BlockCipher encrypting;
  private final BlockCipher decrypting;
  private final @Nullable BlockCipher salting; // makes the IV; null if it is taken as it is
  private final byte[] iv = new byte[BLOCK_BYTES];

  private BouncyCastleCbc(BouncyCastleBlocks blocks, byte[] key, @Nullable BlockCipher salting) {
    encrypting = blocks.encrypting(key, 0, key.length);
    decrypting = blocks.decrypting(key, 0, key.length);
    this.salting = salting;
  }

  static BouncyCastleCbc plain(BouncyCastleBlocks blocks, byte[] key) {
    return new BouncyCastleCbc(blocks, key, null);
  }

  static BouncyCastleCbc essiv(byte[] key) {
    SHA256Digest digest = new SHA256Digest();
    byte[] salt = new byte[SHA256_BYTES];
    try {
      digest.update(key, 0, key.length);
      digest.doFinal(salt, 0); // which also forgets the key
      BlockCipher salting = BouncyCastleBlocks.AES.encrypting(salt, 0, salt.length);
      return new BouncyCastleCbc(BouncyCastleBlocks.AES, key, salting);
    } finally {
      Arrays.fill(salt, (byte) 0);
    }
  }

  @Override
  public void encrypt(Scratch scratch, int unitBytes, long iv0, long iv1, long iv2, long iv3) {
    byte[] unit = scratch.bytes();
    start(iv0, iv1);
    long low = (long) LONG.get(iv, 0);
    long high = (long) LONG.get(iv, 8);
    for (int at = 0; at < unitBytes; at += BLOCK_BYTES) {
      LONG.set(unit, at, (long) LONG.get(unit, at) ^ low);
      LONG.set(unit, at + 8, (long) LONG.get(unit, at + 8) ^ high);
      encrypting.processBlock(unit, at, unit, at);
      low = (long) LONG.get(unit, at);
      high = (long) LONG.get(unit, at + 8);
    }
  }

  @Override
  public void decrypt(Scratch scratch, int unitBytes, long iv0, long iv1, long iv2, long iv3) {
    byte[] unit = scratch.bytes();
    start(iv0, iv1);
    long low = (long) LONG.get(iv, 0);
    long high = (long) LONG.get(iv, 8);
    for (int at = 0; at < unitBytes; at += BLOCK_BYTES) {
      long nextLow = (long) LONG.get(unit, at);
      long nextHigh = (long) LONG.get(unit, at + 8);
      decrypting.processBlock(unit, at, unit, at);
      LONG.set(unit, at, (long) LONG.get(unit, at) ^ low);
      LONG.set(unit, at + 8, (long) LONG.get(unit, at + 8) ^ high);
      low = nextLow;
      high = nextHigh;
    }
  }

  private void start(long iv0, long iv1) {
    LONG.set(iv, 0, iv0);
    LONG.set(iv, 8, iv1);
    if (salting != null) {
      salting.processBlock(iv, 0, iv, 0);
    }
  }

  @Override
  public void close() {
    Arrays.fill(iv, (byte) 0);
    BouncyCastleBlocks.wipe(encrypting);
    BouncyCastleBlocks.wipe(decrypting);
    if (salting != null) {
      BouncyCastleBlocks.wipe(salting);
    }
  }
}
