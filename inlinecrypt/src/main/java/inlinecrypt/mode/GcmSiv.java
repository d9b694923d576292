package inlinecrypt.mode;

/**
 * The parts of AES-GCM-SIV (RFC 8452) between the block cipher calls: authentication by POLYVAL,
 * then counter mode from the tag. One message at a time; each has keys of its own. Not thread-safe.
 */
public final class GcmSiv {
  public static final int BATCH_BYTES = 4096;

  private static final int BLOCK_BYTES = 16;
  private static final long TOP_BIT = Long.MIN_VALUE;

  private final Polyval polyval = new Polyval();
  private int counter;
  private long counterHigh0;
  private long counterHigh1;

  /** Starts a message whose authentication key is the first 16 bytes of {@code keys}. */
  public void start(Scratch keys) {
    polyval.key(Words.longAt(keys.bytes(), 0), Words.longAt(keys.bytes(), 8));
    polyval.start();
  }

  /**
   * Takes the first bytes of {@code data}; only the last part of a field may be a partial block.
   */
  public void authenticate(Scratch data, int lengthBytes) {
    int padded = lengthBytes + BLOCK_BYTES - 1 & -BLOCK_BYTES;
    for (int i = lengthBytes; i < padded; i++) {
      data.bytes()[i] = 0;
    }
    polyval.blocks(data.bytes(), 0, padded);
  }

  /** RFC 8452, 4: the block that AES makes the tag from, into {@code tag}. */
  public void tagInput(long associatedBytes, long messageBytes, Scratch nonce, Scratch tag) {
    polyval.block(8 * associatedBytes, 8 * messageBytes);
    long nonceLow = Words.longAt(nonce.bytes(), 0);
    long nonceHigh = Words.intAt(nonce.bytes(), 8) & 0xffff_ffffL;
    Words.put(tag.bytes(), 0, polyval.low() ^ nonceLow);
    Words.put(tag.bytes(), 8, (polyval.high() ^ nonceHigh) & ~TOP_BIT);
  }

  /** The counter begins as the tag with its top bit set. */
  public void startCounter(Scratch tag) {
    long low = Words.longAt(tag.bytes(), 0);
    counter = (int) low;
    counterHigh0 = low & 0xffff_ffff_0000_0000L;
    counterHigh1 = Words.longAt(tag.bytes(), 8) | TOP_BIT;
  }

  /** Adds the key stream to the first bytes of {@code data}; all but the last are whole batches. */
  public void addKeyStream(BlockCipher aes, Scratch stream, Scratch data, int lengthBytes) {
    int padded = lengthBytes + BLOCK_BYTES - 1 & -BLOCK_BYTES;
    byte[] keyStream = stream.bytes();
    for (int at = 0; at < padded; at += BLOCK_BYTES) {
      Words.put(keyStream, at, counterHigh0 | counter++ & 0xffff_ffffL);
      Words.put(keyStream, at + 8, counterHigh1);
    }
    aes.encrypt(stream, padded);
    byte[] bytes = data.bytes();
    for (int at = 0; at < padded; at += Long.BYTES) {
      Words.put(bytes, at, Words.longAt(bytes, at) ^ Words.longAt(keyStream, at));
    }
  }

  public void wipe() {
    polyval.wipe();
    counter = 0;
    counterHigh0 = 0;
    counterHigh1 = 0;
  }
}
