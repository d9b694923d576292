package blockdev.fs;

import java.nio.ByteBuffer;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/** A key of two unsigned numbers, such as inode and file block, ordered by the first. */
record LongPair(long first, long second) implements Comparable<LongPair> {
  @Override
  public int compareTo(LongPair other) {
    int order = Long.compareUnsigned(first, other.first);
    return order != 0 ? order : Long.compareUnsigned(second, other.second);
  }

  /** In a map: 16 bytes, big-endian. */
  static final class KeyType extends BasicDataType<LongPair> {
    static final KeyType INSTANCE = new KeyType();

    private KeyType() {}

    @Override
    public int compare(LongPair one, LongPair other) {
      return one.compareTo(other);
    }

    @Override
    public int getMemory(LongPair key) {
      return FixedBytesType.OBJECT_BYTES + 2 * Long.BYTES;
    }

    @Override
    public boolean isMemoryEstimationAllowed() {
      return false;
    }

    @Override
    public void write(WriteBuffer target, LongPair key) {
      target.putLong(key.first).putLong(key.second);
    }

    @Override
    public LongPair read(ByteBuffer source) {
      return new LongPair(source.getLong(), source.getLong());
    }

    @Override
    public LongPair[] createStorage(int size) {
      return new LongPair[size];
    }
  }
}
