package blockdev.fs;

import java.nio.ByteBuffer;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/** Keys of one unsigned number, such as an inode number: 8 bytes, big-endian. */
final class LongKeyType extends BasicDataType<Long> {
  static final LongKeyType INSTANCE = new LongKeyType();

  private LongKeyType() {}

  @Override
  public int compare(Long one, Long other) {
    return Long.compareUnsigned(one, other);
  }

  @Override
  public int getMemory(Long key) {
    return FixedBytesType.OBJECT_BYTES;
  }

  @Override
  public boolean isMemoryEstimationAllowed() {
    return false;
  }

  @Override
  public void write(WriteBuffer target, Long key) {
    target.putLong(key);
  }

  @Override
  public Long read(ByteBuffer source) {
    return source.getLong();
  }

  @Override
  public Long[] createStorage(int size) {
    return new Long[size];
  }
}
