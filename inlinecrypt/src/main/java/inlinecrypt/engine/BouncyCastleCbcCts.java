package inlinecrypt.engine;

import static inlinecrypt.engine.BouncyCastleBlocks.BLOCK_BYTES;

/**
 * CBC with ciphertext stealing, variant CS3 (NIST SP 800-38A addendum): the last two blocks of the
 * ciphertext are always swapped, and a single block is plain CBC.
 */
final class BouncyCastleCbcCts implements BouncyCastleMode {
  private final BouncyCastleCbc cbc;

  BouncyCastleCbcCts(BouncyCastleBlocks blocks, byte[] key) {
    cbc = BouncyCastleCbc.plain(blocks, key);
  }

  @Override
  public void encrypt(byte[] iv, byte[] unit, int unitBytes) {
    int last = lastBlock(unitBytes);
    if (last == 0) {
      cbc.encrypt(iv, unit, unitBytes);
      return;
    }
    cbc.encrypt(iv, unit, last);
    // The last block, filled up with zeros and chained, takes the place of the one before it.
    int lastButOne = last - BLOCK_BYTES;
    for (int i = 0; i < unitBytes - last; i++) {
      byte plain = unit[last + i];
      unit[last + i] = unit[lastButOne + i];
      unit[lastButOne + i] ^= plain;
    }
    cbc.encryptBlock(unit, lastButOne);
  }

  @Override
  public void decrypt(byte[] iv, byte[] unit, int unitBytes) {
    int last = lastBlock(unitBytes);
    if (last == 0) {
      cbc.decrypt(iv, unit, unitBytes);
      return;
    }
    int lastButOne = last - BLOCK_BYTES;
    cbc.decryptBlock(unit, lastButOne);
    for (int i = 0; i < unitBytes - last; i++) {
      byte stolen = unit[last + i];
      unit[last + i] = (byte) (unit[lastButOne + i] ^ stolen);
      unit[lastButOne + i] = stolen;
    }
    cbc.decrypt(iv, unit, last);
  }

  /** Where the last block starts, whole or not. */
  private static int lastBlock(int unitBytes) {
    return (unitBytes - 1) / BLOCK_BYTES * BLOCK_BYTES;
  }

  @Override
  public void wipe() {
    cbc.wipe();
  }
}
