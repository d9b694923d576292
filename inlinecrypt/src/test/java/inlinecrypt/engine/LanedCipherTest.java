package inlinecrypt.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import inlinecrypt.CryptoMode;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LanedCipherTest {
  private final List<String> events = new CopyOnWriteArrayList<>();

  @Test
  void callsAtTheSameTimeGetLanesOfTheirOwn() throws Exception {
    CyclicBarrier allInside = new CyclicBarrier(3);
    Set<Integer> lanesUsed = ConcurrentHashMap.newKeySet();
    Probe cipher =
        new Probe(lane -> {
          lanesUsed.add(lane);
          await(allInside);
        });
    List<Thread> threads =
        List.of(
            Thread.ofPlatform().start(cipher::callOnce),
            Thread.ofPlatform().start(cipher::callOnce),
            Thread.ofPlatform().start(cipher::callOnce));
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(lanesUsed).hasSize(3);
  }

  @Test
  void callsOneAfterTheOtherShareOneLane() {
    Probe cipher = new Probe(lane -> events.add("call in lane " + lane));
    cipher.callOnce();
    cipher.callOnce();
    cipher.close();
    assertThat(events)
        .containsExactly("call in lane 0", "call in lane 0", "lane 0 closed", "key closed");
  }

  @Test
  void closingWaitsForCallsUnderWayAndRefusesNewOnes() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    Probe cipher =
        new Probe(lane -> {
          inside.countDown();
          await(leave);
          events.add("call ends");
        });
    Thread call = Thread.ofPlatform().start(cipher::callOnce);
    inside.await();
    Thread close = Thread.ofPlatform().start(cipher::close);
    while (!cipher.refusesCalls()) {
      Thread.onSpinWait();
    }
    leave.countDown();
    call.join();
    close.join();
    assertThat(events).containsExactly("call ends", "lane 0 closed", "key closed");
    assertThatIllegalStateException().isThrownBy(cipher::callOnce);
  }

  @Test
  void aFailedCallGivesItsLaneBack() {
    Probe cipher =
        new Probe(lane -> {
          throw new IllegalStateException("in lane " + lane);
        });
    for (int i = 0; i < 100; i++) {
      assertThatIllegalStateException().isThrownBy(cipher::callOnce).withMessage("in lane 0");
    }
    cipher.close();
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new AssertionError(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private interface Work {
    void in(int lane);
  }

  /** A cipher that does {@code work} instead; its lanes are numbers in the order of opening. */
  private final class Probe extends LanedCipher<Integer> {
    private final MemorySegment data = MemorySegment.ofArray(new byte[16]);
    private final AtomicInteger lanesOpened = new AtomicInteger();
    private final Work work;

    Probe(Work work) {
      super(CryptoMode.AES_256_XTS);
      this.work = work;
    }

    void callOnce() {
      encrypt(0, 0, 0, 0, 16, data, 0, data, 0, 16);
    }

    boolean refusesCalls() {
      try {
        encrypt(0, 0, 0, 0, 16, data, 0, data, 0, 0);
        return false;
      } catch (IllegalStateException e) {
        return true;
      }
    }

    @Override
    Integer openLane() {
      return lanesOpened.getAndIncrement();
    }

    @Override
    void closeLane(Integer lane) {
      events.add("lane " + lane + " closed");
    }

    @Override
    void closeKey() {
      events.add("key closed");
    }

    @Override
    void encryptUnits(
        Integer lane,
        long dun0,
        long dun1,
        long dun2,
        long dun3,
        int dataUnitSizeBytes,
        MemorySegment source,
        long sourceOffsetBytes,
        MemorySegment target,
        long targetOffsetBytes,
        long lengthBytes) {
      work.in(lane);
    }

    @Override
    void decryptUnits(
        Integer lane,
        long dun0,
        long dun1,
        long dun2,
        long dun3,
        int dataUnitSizeBytes,
        MemorySegment source,
        long sourceOffsetBytes,
        MemorySegment target,
        long targetOffsetBytes,
        long lengthBytes) {
      work.in(lane);
    }
  }
}
