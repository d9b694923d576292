package bench.jmh;

import inlinecrypt.AeadMode;
import inlinecrypt.engine.AeadCipher;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Authenticated messages of one size, a run of them, a call each, in native memory. */
record MeasuredMessages(AeadCipher cipher, int runBytes, int messageBytes)
    implements MeasuredCipher {
  private static final MemorySegment NO_DATA = MemorySegment.ofArray(new byte[0]);

  /**
   * Nonces come again, because what is decrypted must have its tags; it is the same plaintext each
   * time.
   */
  private final class MessageRun implements Run {
    private final int count = runBytes / messageBytes;
    private final MemorySegment source = RunMemory.random(runBytes);
    private final MemorySegment target = RunMemory.allocate(runBytes);
    private final MemorySegment sealed = RunMemory.allocate(runBytes + count * AeadMode.TAG_BYTES);
    private final MemorySegment[] nonces = new MemorySegment[count];
    private final MemorySegment[] sources = pieces(source, messageBytes, 0);
    private final MemorySegment[] targets = pieces(target, messageBytes, 0);
    private final MemorySegment[] sealedMessages = pieces(sealed, messageBytes, 0);
    private final MemorySegment[] tags = pieces(sealed, AeadMode.TAG_BYTES, runBytes);
    private final MemorySegment[] newTags;

    MessageRun() {
      newTags = pieces(RunMemory.allocate(count * AeadMode.TAG_BYTES), AeadMode.TAG_BYTES, 0);
      for (int i = 0; i < count; i++) {
        nonces[i] = RunMemory.allocate(AeadMode.NONCE_BYTES);
        nonces[i].set(ValueLayout.JAVA_INT, 0, i);
        cipher.seal(nonces[i], NO_DATA, sources[i], sealedMessages[i], tags[i]);
      }
    }

    @Override
    public void encrypt() {
      for (int i = 0; i < count; i++) {
        cipher.seal(nonces[i], NO_DATA, sources[i], targets[i], newTags[i]);
      }
    }

    @Override
    public void decrypt() {
      for (int i = 0; i < count; i++) {
        if (!cipher.open(nonces[i], NO_DATA, sealedMessages[i], targets[i], tags[i])) {
          throw new IllegalStateException("message " + i + " does not fit its tag");
        }
      }
    }

    @Override
    public MemorySegment ciphertext() {
      return sealed;
    }

    @Override
    public boolean comesBack() {
      decrypt();
      if (target.mismatch(source) >= 0) {
        return false;
      }
      MemorySegment tag = tags[count - 1];
      byte first = tag.get(ValueLayout.JAVA_BYTE, 0);
      tag.set(ValueLayout.JAVA_BYTE, 0, (byte) (first ^ 1));
      int last = count - 1;
      boolean refused =
          !cipher.open(nonces[last], NO_DATA, sealedMessages[last], targets[last], tag);
      tag.set(ValueLayout.JAVA_BYTE, 0, first);
      return refused;
    }

    private MemorySegment[] pieces(MemorySegment memory, int pieceBytes, long offsetBytes) {
      MemorySegment[] pieces = new MemorySegment[count];
      for (int i = 0; i < count; i++) {
        pieces[i] = memory.asSlice(offsetBytes + (long) i * pieceBytes, pieceBytes);
      }
      return pieces;
    }
  }

  @Override
  public Run newRun() {
    return new MessageRun();
  }

  @Override
  public void close() {
    cipher.close();
  }
}
