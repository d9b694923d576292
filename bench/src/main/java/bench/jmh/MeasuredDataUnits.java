package bench.jmh;

import inlinecrypt.engine.DataUnitCipher;
import java.lang.foreign.MemorySegment;

/** Data units of one size, a run of them a call, in native memory. */
record MeasuredDataUnits(DataUnitCipher cipher, int runBytes, int dataUnitSizeBytes)
    implements MeasuredCipher {
  /** The data unit number goes on from call to call. */
  private final class UnitRun implements Run {
    private final MemorySegment source = RunMemory.random(runBytes);
    private final MemorySegment target = RunMemory.allocate(runBytes);
    private long dun;

    @Override
    public void encrypt() {
      cipher.encrypt(dun++, 0, 0, 0, dataUnitSizeBytes, source, 0, target, 0, runBytes);
    }

    @Override
    public void decrypt() {
      cipher.decrypt(dun++, 0, 0, 0, dataUnitSizeBytes, source, 0, target, 0, runBytes);
    }

    @Override
    public MemorySegment ciphertext() {
      cipher.encrypt(-1, 0, 0, 0, dataUnitSizeBytes, source, 0, target, 0, runBytes);
      return target;
    }

    @Override
    public boolean comesBack() {
      ciphertext();
      cipher.decrypt(-1, 0, 0, 0, dataUnitSizeBytes, target, 0, target, 0, runBytes);
      return target.mismatch(source) < 0;
    }
  }

  @Override
  public Run newRun() {
    return new UnitRun();
  }

  @Override
  public void close() {
    cipher.close();
  }
}
