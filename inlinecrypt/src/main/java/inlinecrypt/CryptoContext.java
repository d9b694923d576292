package inlinecrypt;

import org.jspecify.annotations.Nullable;

/**
 * A key and the number of the first data unit: what a request needs to be encrypted or decrypted.
 * It has no direction, because the request has one. An empty context means plain I/O.
 *
 * <p>Mutable, so that it can live inside a bio or a request and be used again without allocating.
 * Not thread-safe. Source: {@code struct bio_crypt_ctx}.
 */
public final class CryptoContext {
  private @Nullable CryptoKey key;
  private long dun0;
  private long dun1;
  private long dun2;
  private long dun3;

  /** Makes this the context of {@code key} from data unit {@code dun0} on, upper limbs zero. */
  public void set(CryptoKey key, long dun0) {
    set(key, dun0, 0, 0, 0);
  }

  public void set(CryptoKey key, long dun0, long dun1, long dun2, long dun3) {
    this.key = key;
    this.dun0 = dun0;
    this.dun1 = dun1;
    this.dun2 = dun2;
    this.dun3 = dun3;
  }

  /** Makes this equal to {@code other}, as a clone or a request does. */
  public void copyFrom(CryptoContext other) {
    key = other.key;
    dun0 = other.dun0;
    dun1 = other.dun1;
    dun2 = other.dun2;
    dun3 = other.dun3;
  }

  /** Makes this the context of plain I/O. */
  public void clear() {
    key = null;
    dun0 = 0;
    dun1 = 0;
    dun2 = 0;
    dun3 = 0;
  }

  public boolean isEmpty() {
    return key == null;
  }

  /** The key, or null if the context is empty. */
  public @Nullable CryptoKey key() {
    return key;
  }

  public long dun0() {
    return dun0;
  }

  public long dun1() {
    return dun1;
  }

  public long dun2() {
    return dun2;
  }

  public long dun3() {
    return dun3;
  }

  /**
   * Moves on by the whole data units in {@code bytes}; a partial unit is lost, as in {@code
   * bio_crypt_advance}. An empty context stays as it is.
   */
  public void advance(long bytes) {
    if (key == null) {
      return;
    }
    long carry = bytes >>> key.config().dataUnitShift();
    dun0 += carry;
    carry = DataUnitNumber.carryOut(dun0, carry);
    dun1 += carry;
    carry = DataUnitNumber.carryOut(dun1, carry);
    dun2 += carry;
    carry = DataUnitNumber.carryOut(dun2, carry);
    dun3 += carry;
  }

  /**
   * Whether {@code next} can follow {@code bytes} of this context in one request: both plain, or
   * the same key object and a data unit number that continues. A number that wraps at 256 bits
   * never continues ({@code bio_crypt_dun_is_contiguous}, {@code bio_crypt_ctx_mergeable}).
   */
  public boolean continuesInto(CryptoContext next, long bytes) {
    if (key != next.key) {
      return false;
    }
    if (key == null) {
      return true;
    }
    long carry = bytes >>> key.config().dataUnitShift();
    long sum0 = dun0 + carry;
    carry = DataUnitNumber.carryOut(sum0, carry);
    long sum1 = dun1 + carry;
    carry = DataUnitNumber.carryOut(sum1, carry);
    long sum2 = dun2 + carry;
    carry = DataUnitNumber.carryOut(sum2, carry);
    long sum3 = dun3 + carry;
    carry = DataUnitNumber.carryOut(sum3, carry);
    return sum0 == next.dun0
        && sum1 == next.dun1
        && sum2 == next.dun2
        && sum3 == next.dun3
        && carry == 0;
  }

  /** The number of the first data unit, for those who need not be fast. */
  public DataUnitNumber dun() {
    return new DataUnitNumber(dun0, dun1, dun2, dun3);
  }

  @Override
  public String toString() {
    return key == null ? "plain" : key + " from " + dun();
  }
}
