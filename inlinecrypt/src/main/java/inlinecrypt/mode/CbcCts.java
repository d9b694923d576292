package inlinecrypt.mode;

import java.util.Arrays;

/**
 * CBC with ciphertext stealing over whole-block CBC, variant CS3: the last two blocks always change
 * places (NIST SP 800-38A addendum, CBC-CS3). A unit of one block is plain CBC.
 */
public final class CbcCts implements UnitCipher {
  private static final int BLOCK_BYTES = 16;

  private final UnitCipher cbc;
  private final BlockCipher blocks;
  private final Scratch block = new Scratch(BLOCK_BYTES);

  /** Closes both ciphers with itself; they have the same key. */
  public CbcCts(UnitCipher cbc, BlockCipher blocks) {
    this.cbc = cbc;
    this.blocks = blocks;
  }

  @Override
  public void encrypt(Scratch unit, int lengthBytes, long iv0, long iv1, long iv2, long iv3) {
    int padded = lengthBytes + BLOCK_BYTES - 1 & -BLOCK_BYTES;
    Arrays.fill(unit.bytes(), lengthBytes, padded, (byte) 0);
    cbc.encrypt(unit, padded, iv0, iv1, iv2, iv3);
    if (padded > BLOCK_BYTES) {
      swapLastTwo(unit.bytes(), padded);
    }
  }

  @Override
  public void decrypt(Scratch unit, int lengthBytes, long iv0, long iv1, long iv2, long iv3) {
    int padded = lengthBytes + BLOCK_BYTES - 1 & -BLOCK_BYTES;
    if (padded > BLOCK_BYTES) {
      byte[] bytes = unit.bytes();
      // Decrypted, the block that comes last but one gives what was stolen from the other.
      System.arraycopy(bytes, padded - 2 * BLOCK_BYTES, block.bytes(), 0, BLOCK_BYTES);
      blocks.decrypt(block, BLOCK_BYTES);
      int whole = lengthBytes - (padded - BLOCK_BYTES);
      System.arraycopy(block.bytes(), whole, bytes, lengthBytes, BLOCK_BYTES - whole);
      swapLastTwo(bytes, padded);
    }
    cbc.decrypt(unit, padded, iv0, iv1, iv2, iv3);
  }

  @Override
  public void close() {
    cbc.close();
    blocks.close();
    block.wipe();
  }

  private static void swapLastTwo(byte[] bytes, int end) {
    for (int at = end - BLOCK_BYTES; at < end; at += Long.BYTES) {
      long word = Words.longAt(bytes, at);
      Words.put(bytes, at, Words.longAt(bytes, at - BLOCK_BYTES));
      Words.put(bytes, at - BLOCK_BYTES, word);
    }
  }
}
