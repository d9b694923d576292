package inlinecrypt.mode;

import java.util.Arrays;

/**
 * HCTR2 (Crowley, Huckleberry, Biggers, 2021): POLYVAL, one block of AES, counter mode, POLYVAL. A
 * change of any bit of a unit changes all of it. Names are those of the paper's figure 2.
 */
public final class Hctr2 implements UnitCipher {
  private static final int BLOCK_BYTES = 16;
  private static final int BATCH_BYTES = 4096;
  // Twice the tweak's 256 bits, and 2 if the message ends with a block, else 3.
  private static final long HEAD_OF_WHOLE_BLOCKS = 2 * 256 + 2;
  private static final long HEAD_OF_PARTIAL_BLOCK = 2 * 256 + 3;

  private final BlockCipher aes;
  private final Scratch block = new Scratch(BLOCK_BYTES);
  private final Scratch stream = new Scratch(BATCH_BYTES);
  private final Polyval polyval = new Polyval();
  private long l0;
  private long l1;

  /** {@code aes} is closed with this. */
  public Hctr2(BlockCipher aes) {
    this.aes = aes;
    setBlock(0, 0);
    aes.encrypt(block, BLOCK_BYTES);
    polyval.key(blockLow(), blockHigh());
    setBlock(1, 0);
    aes.encrypt(block, BLOCK_BYTES);
    l0 = blockLow();
    l1 = blockHigh();
  }

  @Override
  public void encrypt(Scratch unit, int lengthBytes, long iv0, long iv1, long iv2, long iv3) {
    byte[] bytes = unit.bytes();
    hash(bytes, lengthBytes, iv0, iv1, iv2, iv3);
    long mm0 = Words.longAt(bytes, 0) ^ polyval.low();
    long mm1 = Words.longAt(bytes, 8) ^ polyval.high();
    setBlock(mm0, mm1);
    aes.encrypt(block, BLOCK_BYTES);
    long uu0 = blockLow();
    long uu1 = blockHigh();
    xctr(bytes, lengthBytes, mm0 ^ uu0 ^ l0, mm1 ^ uu1 ^ l1);
    hash(bytes, lengthBytes, iv0, iv1, iv2, iv3);
    Words.put(bytes, 0, uu0 ^ polyval.low());
    Words.put(bytes, 8, uu1 ^ polyval.high());
  }

  @Override
  public void decrypt(Scratch unit, int lengthBytes, long iv0, long iv1, long iv2, long iv3) {
    byte[] bytes = unit.bytes();
    hash(bytes, lengthBytes, iv0, iv1, iv2, iv3);
    long uu0 = Words.longAt(bytes, 0) ^ polyval.low();
    long uu1 = Words.longAt(bytes, 8) ^ polyval.high();
    setBlock(uu0, uu1);
    aes.decrypt(block, BLOCK_BYTES);
    long mm0 = blockLow();
    long mm1 = blockHigh();
    xctr(bytes, lengthBytes, mm0 ^ uu0 ^ l0, mm1 ^ uu1 ^ l1);
    hash(bytes, lengthBytes, iv0, iv1, iv2, iv3);
    Words.put(bytes, 0, mm0 ^ polyval.low());
    Words.put(bytes, 8, mm1 ^ polyval.high());
  }

  @Override
  public void close() {
    aes.close();
    polyval.wipe();
    block.wipe();
    stream.wipe();
    l0 = 0;
    l1 = 0;
  }

  /** POLYVAL of the tweak and all but the first block; leaves its padding behind the unit. */
  private void hash(byte[] bytes, int lengthBytes, long iv0, long iv1, long iv2, long iv3) {
    int tailBytes = lengthBytes % BLOCK_BYTES;
    int padded = lengthBytes;
    polyval.start();
    polyval.block(tailBytes == 0 ? HEAD_OF_WHOLE_BLOCKS : HEAD_OF_PARTIAL_BLOCK, 0);
    polyval.block(iv0, iv1);
    polyval.block(iv2, iv3);
    if (tailBytes != 0) {
      padded += BLOCK_BYTES - tailBytes;
      Arrays.fill(bytes, lengthBytes, padded, (byte) 0);
      bytes[lengthBytes] = 1;
    }
    polyval.blocks(bytes, BLOCK_BYTES, padded - BLOCK_BYTES);
  }

  /** Adds AES(S ⊕ 1), AES(S ⊕ 2) and so on to all but the first block. */
  private void xctr(byte[] bytes, int lengthBytes, long s0, long s1) {
    long counter = 1;
    for (int done = BLOCK_BYTES; done < lengthBytes; done += BATCH_BYTES) {
      int wanted = Math.min(BATCH_BYTES, lengthBytes - done);
      int whole = wanted + BLOCK_BYTES - 1 & -BLOCK_BYTES;
      byte[] keyStream = stream.bytes();
      for (int at = 0; at < whole; at += BLOCK_BYTES) {
        Words.put(keyStream, at, s0 ^ counter++);
        Words.put(keyStream, at + 8, s1);
      }
      aes.encrypt(stream, whole);
      for (int at = 0; at < whole; at += Long.BYTES) { // at most 15 bytes too far, which is slack
        Words.put(bytes, done + at, Words.longAt(bytes, done + at) ^ Words.longAt(keyStream, at));
      }
    }
  }

  private void setBlock(long low, long high) {
    Words.put(block.bytes(), 0, low);
    Words.put(block.bytes(), 8, high);
  }

  private long blockLow() {
    return Words.longAt(block.bytes(), 0);
  }

  private long blockHigh() {
    return Words.longAt(block.bytes(), 8);
  }
}
