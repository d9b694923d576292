package blockdev.sim;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** One front end for all queues of a device. */
final class SharedFrontEnd extends Arbiter {
  private static final int CLASSES = 4;

  private final EventQueue events;
  private final int depth;
  private final Runnable next = this::next;
  private final TurnOrder[] classes = new TurnOrder[CLASSES];
  private boolean weighted;
  private int burst = 1;
  private int underWay;
  private boolean nextScheduled;
  private @Nullable Command current;
  private long busyNs;

  /**
   * @param depth commands that can be in the device at a time
   */
  SharedFrontEnd(EventQueue events, int depth) {
    this.events = events;
    this.depth = depth;
    for (int each = 0; each < CLASSES; each++) {
      classes[each] = new TurnOrder();
    }
  }

  @Override
  public Queue newQueue(Source source, int priority, EventQueue its) {
    return new Ready(source, priority);
  }

  @Override
  public void left() {
    underWay--;
    for (TurnOrder each : classes) {
      if (!each.queues.isEmpty()) {
        scheduleNext();
        return;
      }
    }
  }

  @Override
  public void roundRobin(int burst) {
    weighted = false;
    this.burst = burst;
    sortIn();
  }

  @Override
  public void weighted(int burst, int high, int medium, int low) {
    weighted = true;
    this.burst = burst;
    classes[HIGH].weight = high;
    classes[MEDIUM].weight = medium;
    classes[LOW].weight = low;
    sortIn();
    for (TurnOrder each : classes) {
      each.credit = each.weight;
    }
  }

  /** Moves the queues that wait to the classes in which they now are. */
  private void sortIn() {
    ArrayDeque<Ready> waiting = new ArrayDeque<>();
    for (TurnOrder each : classes) {
      waiting.addAll(each.queues);
      each.queues.clear();
      each.burstLeft = burst;
    }
    for (Ready queue : waiting) {
      classOf(queue).queues.add(queue);
    }
  }

  @Override
  public long busyNs() {
    return busyNs;
  }

  private TurnOrder classOf(Ready queue) {
    return classes[weighted ? queue.priority : URGENT];
  }

  private void scheduleNext() {
    if (!nextScheduled) {
      nextScheduled = true;
      events.schedule(next, 0);
    }
  }

  /** The front end is done with one command, and takes the next. */
  private void next() {
    nextScheduled = false;
    Command done = current;
    if (done != null) {
      current = null;
      done.start();
    }
    while (underWay < depth) {
      Command command = fetch();
      if (command == null) {
        return;
      }
      underWay++;
      long serviceNs = command.frontEndNs();
      if (serviceNs > 0) {
        busyNs += serviceNs;
        current = command;
        nextScheduled = true;
        events.schedule(next, serviceNs);
        return;
      }
      command.start();
    }
  }

  private @Nullable Command fetch() {
    while (true) {
      TurnOrder turn = choose();
      if (turn == null) {
        return null;
      }
      Ready queue = turn.queues.element();
      Command command = queue.source.fetch();
      if (command == null) {
        turn.pass(burst);
        queue.waiting = false;
        continue;
      }
      turn.credit--;
      if (--turn.burstLeft == 0) {
        turn.pass(burst);
        turn.queues.add(queue);
      }
      return command;
    }
  }

  /** The class whose turn it is, null if none has a queue that waits. */
  private @Nullable TurnOrder choose() {
    if (!weighted || !classes[URGENT].queues.isEmpty()) {
      return classes[URGENT].queues.isEmpty() ? null : classes[URGENT];
    }
    boolean anyWaits = false;
    for (int each = HIGH; each <= LOW; each++) {
      if (!classes[each].queues.isEmpty()) {
        if (classes[each].credit > 0) {
          return classes[each];
        }
        anyWaits = true;
      }
    }
    if (!anyWaits) {
      return null;
    }
    for (int each = HIGH; each <= LOW; each++) {
      classes[each].credit = classes[each].weight;
    }
    return choose();
  }

  /** The queues of one class that wait, the one whose turn it is first. */
  private static final class TurnOrder {
    final ArrayDeque<Ready> queues = new ArrayDeque<>();
    int weight = 1;
    int credit = 1;
    int burstLeft = 1;

    void pass(int burst) {
      queues.remove();
      burstLeft = burst;
    }
  }

  /** A queue, and whether it waits for its turn. */
  final class Ready extends Queue {
    private final Source source;
    private final int priority;
    private boolean waiting;

    private Ready(Source source, int priority) {
      this.source = source;
      this.priority = priority;
    }

    @Override
    public void ready() {
      if (!waiting) {
        waiting = true;
        classOf(this).queues.add(this);
      }
      scheduleNext();
    }
  }
}
