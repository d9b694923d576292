package inlinecrypt.keyslot;

import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import inlinecrypt.Errno;
import inlinecrypt.KeyType;
import inlinecrypt.keyslot.replacement.Lru;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Wrapped-key operations on a device that notes its calls and answers when told to. */
class WrappedKeysTest {
  private static final byte[] INPUT = {1, 2, 3};
  private static final byte[] OUTPUT = {4, 5};

  private final Device device = new Device();
  private final KeyslotManager manager = new KeyslotManager(1, device, () -> 0);
  private final CryptoProfile profile =
      new CryptoProfile(1, 8, Map.of(CryptoMode.AES_256_XTS, 4096))
          .withKeyTypes(EnumSet.allOf(KeyType.class));
  private final List<String> told = new ArrayList<>();

  @ParameterizedTest
  @EnumSource
  void withoutAProfileOrWrappedKeysOrTheOperationItIsRefusedAndTheSectionIsNotEntered(
      WrappedKeyOperation operation) {
    new WrappedKeys(CryptoProfile.none(), manager).perform(operation, INPUT, this::tell);
    new WrappedKeys(profile.withKeyTypes(EnumSet.of(KeyType.RAW)), manager)
        .perform(operation, INPUT, this::tell);
    device.operations.remove(operation);
    new WrappedKeys(profile, manager).perform(operation, INPUT, this::tell);
    assertThat(told).containsExactly("EOPNOTSUPP []", "EOPNOTSUPP []", "EOPNOTSUPP []");
    assertThat(device.calls).isEmpty();
    assertThat(manager.counters().sectionWaits()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void theDeviceGetsTheInputAndTheCallerTheAnswer(WrappedKeyOperation operation) {
    new WrappedKeys(profile, manager).perform(operation, INPUT, this::tell);
    assertThat(device.calls).containsExactly(operation + " [1, 2, 3]");
    assertThat(told).isEmpty();
    device.answer(Errno.OK, OUTPUT);
    assertThat(told).containsExactly("OK [4, 5]");
    new WrappedKeys(profile, manager).perform(operation, INPUT, this::tell);
    device.answer(Errno.EBADMSG, new byte[0]);
    assertThat(told).containsExactly("OK [4, 5]", "EBADMSG []");
  }

  @Test
  void anOperationTakesTheSectionSoProgrammingAndEvictingWaitForIt() {
    WrappedKeys wrapped = new WrappedKeys(profile, manager);
    try (CryptoKey key = TestKeys.key(1)) {
      wrapped.perform(WrappedKeyOperation.PREPARE, INPUT, this::tell);
      manager.evict(key, result -> told.add("evicted"));
      wrapped.perform(WrappedKeyOperation.GENERATE, new byte[0], this::tell);
      manager.reprogramAll(result -> told.add("reprogrammed"));
      assertThat(device.calls).containsExactly("PREPARE [1, 2, 3]");
      assertThat(told).isEmpty();
      device.answer(Errno.OK, OUTPUT);
      assertThat(device.calls).containsExactly("PREPARE [1, 2, 3]", "GENERATE []");
      assertThat(told).containsExactly("OK [4, 5]", "evicted");
      device.answer(Errno.OK, OUTPUT);
      assertThat(told).containsExactly("OK [4, 5]", "evicted", "OK [4, 5]", "reprogrammed");
    }
  }

  @Test
  void aSuspendedDeviceIsResumedBeforeTheOperationAndReleasedAfterIt() {
    List<Runnable> resumes = new ArrayList<>();
    RuntimePower power =
        new RuntimePower() {
          @Override
          public void resume(Runnable resumed) {
            resumes.add(resumed);
          }

          @Override
          public void release() {
            told.add("released");
          }
        };
    KeyslotManager suspended = new KeyslotManager(1, device, () -> 0, new Lru(), power);
    new WrappedKeys(profile, suspended).perform(WrappedKeyOperation.PREPARE, INPUT, this::tell);
    assertThat(device.calls).isEmpty();
    resumes.removeFirst().run();
    assertThat(device.calls).containsExactly("PREPARE [1, 2, 3]");
    assertThat(told).isEmpty();
    device.answer(Errno.OK, OUTPUT);
    assertThat(told).containsExactlyInAnyOrder("OK [4, 5]", "released");
  }

  @Test
  void aFailedOperationIsNoFailedProgramming() {
    new WrappedKeys(profile, manager).perform(WrappedKeyOperation.IMPORT, INPUT, this::tell);
    device.answer(Errno.EINVAL, new byte[0]);
    assertThat(manager.counters().failedPrograms()).isZero();
  }

  @Test
  void aDeviceThatAnswersInsideTheCallIsHeard() {
    device.answersAtOnce = true;
    new WrappedKeys(profile, manager).perform(WrappedKeyOperation.IMPORT, INPUT, this::tell);
    assertThat(told).containsExactly("OK [4, 5]");
  }

  private void tell(Errno result, byte[] output) {
    told.add(result + " " + Arrays.toString(output));
  }

  private static final class Device implements KeyslotDevice, WrappedKeyDevice {
    final List<String> calls = new ArrayList<>();
    final EnumSet<WrappedKeyOperation> operations = EnumSet.allOf(WrappedKeyOperation.class);
    boolean answersAtOnce;
    private @Nullable WrappedKeyCompletion underWay;

    void answer(Errno result, byte[] output) {
      WrappedKeyCompletion done = Objects.requireNonNull(underWay);
      underWay = null;
      done.done(result, output);
    }

    @Override
    public WrappedKeyDevice wrappedKeys() {
      return this;
    }

    @Override
    public boolean has(WrappedKeyOperation operation) {
      return operations.contains(operation);
    }

    @Override
    public void perform(WrappedKeyOperation operation, byte[] input, WrappedKeyCompletion done) {
      calls.add(operation + " " + Arrays.toString(input));
      underWay = done;
      if (answersAtOnce) {
        answer(Errno.OK, OUTPUT);
      }
    }

    @Override
    public void program(int slot, CryptoKey key, KeyslotCompletion done) {
      throw new AssertionError("nothing is programmed");
    }

    @Override
    public void evict(int slot, CryptoKey key, KeyslotCompletion done) {
      throw new AssertionError("nothing is evicted");
    }
  }
}
