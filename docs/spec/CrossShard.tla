----------------------------- MODULE CrossShard -----------------------------
(***************************************************************************)
(* How money moves between shards: a transfer that arrives or comes back,  *)
(* and a transaction of several legs that is made on all shards or none,   *)
(* with a deadline.  Actions have the names of the events that the shards  *)
(* journal, messages the names of the types of Transit.                    *)
(*                                                                         *)
(* One action is one decision of one shard: its state, its journal, the    *)
(* messages that it sends and its position in what it reads change in one  *)
(* Kafka transaction.  A crash therefore loses nothing; what it, or a      *)
(* retry, can do is to deliver messages again, and that is modelled.       *)
(***************************************************************************)
EXTENDS Integers, Sequences, FiniteSets

CONSTANTS
    Shards,
    Assets,
    ShardOf,        \* the shard of each account
    Initial,        \* what each account has of each asset at first
    Highest,        \* the most that each account may have of an asset
    Unsteady,       \* the accounts that are frozen, closed and so on
    Transfers,      \* the commands Transfer: a leg for each id
    Transactions    \* the commands Transact: a sequence of legs for each id

Accounts == DOMAIN ShardOf
TransferIds == DOMAIN Transfers
TransactionIds == DOMAIN Transactions
Leg == [asset : Assets, from : Accounts, to : Accounts, amount : Nat \ {0}]

ASSUME ShardOf \in [Accounts -> Shards]
ASSUME Initial \in [Accounts -> [Assets -> Nat]]
ASSUME Highest \in [Accounts -> Nat]
ASSUME Unsteady \subseteq Accounts
ASSUME Transfers \in [TransferIds -> Leg]
ASSUME \A t \in TransactionIds : Transactions[t] \in Seq(Leg) /\ Transactions[t] # << >>

VARIABLES
    status,         \* of each account
    available,      \* of each account and asset
    held,           \* of each account and asset
    clearing,       \* clearing[s][p][x]: what s has sent to p and not got from it
    sent,           \* sent[s][p]: all messages from s to p; the number of a message is its index
    received,       \* received[s][p]: the number of the last message from s that p has taken in
    transfer,       \* where each transfer has got to
    part,           \* part[t][s]: where transaction t has got to on shard s
    waitingFor,     \* the participants whose vote the coordinator of each transaction has not got
    outcome         \* what the client of each transaction is told

accountVars == << available, held, clearing >>
messageVars == << sent, received >>
transactionVars == << part, waitingFor, outcome >>
vars == << status, accountVars, messageVars, transfer, transactionVars >>

-----------------------------------------------------------------------------
(* What follows from the commands alone.                                   *)

RECURSIVE Sum(_, _)
Sum(f, S) == IF S = {} THEN 0 ELSE LET e == CHOOSE e \in S : TRUE IN f[e] + Sum(f, S \ {e})

Max(S) == CHOOSE n \in S : \A m \in S : m <= n
Min(S) == CHOOSE n \in S : \A m \in S : m >= n

Coordinator == [t \in TransactionIds |-> ShardOf[Transactions[t][1].from]]

ShardsOf == [t \in TransactionIds |->
    UNION {{ShardOf[Transactions[t][n].from], ShardOf[Transactions[t][n].to]} : n \in DOMAIN Transactions[t]}]

Participants == [t \in TransactionIds |-> ShardsOf[t] \ {Coordinator[t]}]

(* The running sums of what the legs bring to an account and take from it. *)
Running(t, a, x) ==
    LET change == [n \in DOMAIN Transactions[t] |->
                      LET leg == Transactions[t][n] IN
                      IF leg.asset # x THEN 0
                      ELSE IF leg.to = a THEN leg.amount
                      ELSE IF leg.from = a THEN -leg.amount
                      ELSE 0]
    IN [n \in 0..Len(Transactions[t]) |-> Sum(change, 1..n)]

Range(f) == {f[i] : i \in DOMAIN f}

(* What an account must have so that all legs can be made later, what it   *)
(* will have more at most, and what it will have more in the end.          *)
Reserve == [t \in TransactionIds |-> [a \in Accounts |-> [x \in Assets |-> -Min(Range(Running(t, a, x)))]]]
Promise == [t \in TransactionIds |-> [a \in Accounts |-> [x \in Assets |-> Max(Range(Running(t, a, x)))]]]
Net == [t \in TransactionIds |-> [a \in Accounts |-> [x \in Assets |-> Running(t, a, x)[Len(Transactions[t])]]]]

(* What the legs take from the accounts of s to those of p.                *)
Between == [t \in TransactionIds |-> [s \in Shards |-> [p \in Shards |-> [x \in Assets |->
    LET amount == [n \in DOMAIN Transactions[t] |-> Transactions[t][n].amount] IN
    Sum(amount, {n \in DOMAIN Transactions[t] :
                    /\ Transactions[t][n].asset = x
                    /\ ShardOf[Transactions[t][n].from] = s
                    /\ ShardOf[Transactions[t][n].to] = p})]]]]

Touches(t, a) == \E n \in DOMAIN Transactions[t] : a \in {Transactions[t][n].from, Transactions[t][n].to}

-----------------------------------------------------------------------------
Init ==
    /\ status = [a \in Accounts |-> "open"]
    /\ available = Initial
    /\ held = [a \in Accounts |-> [x \in Assets |-> 0]]
    /\ clearing = [s \in Shards |-> [p \in Shards |-> [x \in Assets |-> 0]]]
    /\ sent = [s \in Shards |-> [p \in Shards |-> << >>]]
    /\ received = [s \in Shards |-> [p \in Shards |-> 0]]
    /\ transfer = [i \in TransferIds |-> "new"]
    /\ part = [t \in TransactionIds |-> [s \in Shards |-> "new"]]
    /\ waitingFor = [t \in TransactionIds |-> {}]
    /\ outcome = [t \in TransactionIds |-> "none"]

Prepared(a) == {t \in TransactionIds : part[t][ShardOf[a]] = "prepared"}

(* What transactions that the account's shard has agreed to may bring.     *)
Promised(a, x) == Sum([t \in TransactionIds |-> Promise[t][a][x]], Prepared(a))

Creditable(a, x, amount) ==
    /\ status[a] = "open"
    /\ available[a][x] + held[a][x] + Promised(a, x) + amount <= Highest[a]

Send(s, peers, message) ==
    sent' = [sent EXCEPT ![s] = [p \in Shards |-> IF p \in peers THEN Append(@[p], message) ELSE @[p]]]

-----------------------------------------------------------------------------
(* Accounts change their status at any time.                               *)

ChangeStatus(a, from, to) ==
    /\ status[a] = from
    /\ status' = [status EXCEPT ![a] = to]
    /\ UNCHANGED << accountVars, messageVars, transfer, transactionVars >>

AccountFrozen(a) == ChangeStatus(a, "open", "frozen")

AccountUnfrozen(a) == ChangeStatus(a, "frozen", "open")

AccountClosed(a) ==
    /\ \A x \in Assets : available[a][x] = 0 /\ held[a][x] = 0 /\ Promised(a, x) = 0
    /\ ChangeStatus(a, "open", "closed")

AccountOpened(a) == ChangeStatus(a, "closed", "open")

-----------------------------------------------------------------------------
(* Transfers.  A command that is rejected changes nothing and is left out. *)

Debitable(leg) == status[leg.from] = "open" /\ available[leg.from][leg.asset] >= leg.amount

TransferPosted(i) ==
    LET leg == Transfers[i] IN
    /\ transfer[i] = "new"
    /\ ShardOf[leg.from] = ShardOf[leg.to]
    /\ Debitable(leg)
    /\ Creditable(leg.to, leg.asset, leg.amount)
    /\ available' = [available EXCEPT ![leg.from][leg.asset] = @ - leg.amount, ![leg.to][leg.asset] = @ + leg.amount]
    /\ transfer' = [transfer EXCEPT ![i] = "posted"]
    /\ UNCHANGED << status, held, clearing, messageVars, transactionVars >>

TransferSent(i) ==
    LET leg == Transfers[i]
        s == ShardOf[leg.from]
        p == ShardOf[leg.to]
    IN
    /\ transfer[i] = "new"
    /\ s # p
    /\ Debitable(leg)
    /\ available' = [available EXCEPT ![leg.from][leg.asset] = @ - leg.amount]
    /\ clearing' = [clearing EXCEPT ![s][p][leg.asset] = @ + leg.amount]
    /\ Send(s, {p}, [type |-> "TransferCredit", id |-> i])
    /\ transfer' = [transfer EXCEPT ![i] = "sent"]
    /\ UNCHANGED << status, held, received, transactionVars >>

(* From here on s is the shard that receives and p the one that has sent.  *)

TakenIn(s, p, a, x, amount) ==
    /\ clearing' = [clearing EXCEPT ![s][p][x] = @ - amount]
    /\ available' = [available EXCEPT ![a][x] = @ + amount]
    /\ UNCHANGED << status, held, sent, transactionVars >>

TransferReceived(s, p, m) ==
    LET leg == Transfers[m.id] IN
    /\ m.type = "TransferCredit"
    /\ Creditable(leg.to, leg.asset, leg.amount)
    /\ TakenIn(s, p, leg.to, leg.asset, leg.amount)
    /\ transfer' = [transfer EXCEPT ![m.id] = "received"]

TransferRefused(s, p, m) ==
    LET leg == Transfers[m.id] IN
    /\ m.type = "TransferCredit"
    /\ ~Creditable(leg.to, leg.asset, leg.amount)
    /\ Send(s, {p}, [type |-> "TransferReturn", id |-> m.id])
    /\ transfer' = [transfer EXCEPT ![m.id] = "refused"]
    /\ UNCHANGED << status, accountVars, transactionVars >>

(* Credited whatever the payer's status and limits are by now.             *)
TransferReturned(s, p, m) ==
    LET leg == Transfers[m.id] IN
    /\ m.type = "TransferReturn"
    /\ TakenIn(s, p, leg.from, leg.asset, leg.amount)
    /\ transfer' = [transfer EXCEPT ![m.id] = "returned"]

-----------------------------------------------------------------------------
(* Transactions.                                                           *)

(* Whether shard s can agree.                                              *)
CanPrepare(t, s) ==
    \A a \in Accounts : ShardOf[a] = s /\ Touches(t, a) =>
        /\ status[a] = "open"
        /\ \A x \in Assets :
            /\ Reserve[t][a][x] > 0 => available[a][x] >= Reserve[t][a][x]
            /\ Promise[t][a][x] > 0 => Creditable(a, x, Promise[t][a][x])

(* On the accounts of shard s, balances change by what f says.             *)
Changed(balances, s, f) ==
    [a \in Accounts |-> IF ShardOf[a] # s THEN balances[a] ELSE [x \in Assets |-> balances[a][x] + f[a][x]]]

Plus(f, g) == [a \in Accounts |-> [x \in Assets |-> f[a][x] + g[a][x]]]
Minus(f) == [a \in Accounts |-> [x \in Assets |-> -f[a][x]]]

Reserved(t, s) ==
    /\ available' = Changed(available, s, Minus(Reserve[t]))
    /\ held' = Changed(held, s, Reserve[t])
    /\ UNCHANGED clearing

Released(t, s) ==
    /\ available' = Changed(available, s, Reserve[t])
    /\ held' = Changed(held, s, Minus(Reserve[t]))
    /\ UNCHANGED clearing

Made(t, s) ==
    /\ available' = Changed(available, s, Plus(Reserve[t], Net[t]))
    /\ held' = Changed(held, s, Minus(Reserve[t]))
    /\ clearing' = [clearing EXCEPT ![s] = [p \in Shards |-> [x \in Assets |->
            IF p = s THEN 0 ELSE @[p][x] + Between[t][s][p][x] - Between[t][p][s][x]]]]

TransactionPosted(t) ==
    LET c == Coordinator[t] IN
    /\ outcome[t] = "none"
    /\ Participants[t] = {}
    /\ CanPrepare(t, c)
    /\ available' = Changed(available, c, Net[t])
    /\ part' = [part EXCEPT ![t][c] = "settled"]
    /\ outcome' = [outcome EXCEPT ![t] = "accepted"]
    /\ UNCHANGED << status, held, clearing, messageVars, transfer, waitingFor >>

TransactionBegun(t) ==
    LET c == Coordinator[t] IN
    /\ outcome[t] = "none"
    /\ Participants[t] # {}
    /\ CanPrepare(t, c)
    /\ Reserved(t, c)
    /\ part' = [part EXCEPT ![t][c] = "prepared"]
    /\ waitingFor' = [waitingFor EXCEPT ![t] = Participants[t]]
    /\ outcome' = [outcome EXCEPT ![t] = "pending"]
    /\ Send(c, Participants[t], [type |-> "TransactionPrepare", id |-> t])
    /\ UNCHANGED << status, received, transfer >>

Vote(t, agrees) == [type |-> "TransactionVote", id |-> t, agrees |-> agrees]

TransactionPrepared(s, p, m) ==
    /\ m.type = "TransactionPrepare"
    /\ CanPrepare(m.id, s)
    /\ Reserved(m.id, s)
    /\ part' = [part EXCEPT ![m.id][s] = "prepared"]
    /\ Send(s, {p}, Vote(m.id, TRUE))
    /\ UNCHANGED << status, transfer, waitingFor, outcome >>

TransactionRefused(s, p, m) ==
    /\ m.type = "TransactionPrepare"
    /\ ~CanPrepare(m.id, s)
    /\ part' = [part EXCEPT ![m.id][s] = "refused"]
    /\ Send(s, {p}, Vote(m.id, FALSE))
    /\ UNCHANGED << status, accountVars, transfer, waitingFor, outcome >>

(* A vote that decides nothing: others are missing, or all is decided.     *)
TransactionVoted(s, p, m) ==
    /\ m.type = "TransactionVote"
    /\ outcome[m.id] = "pending" => m.agrees /\ waitingFor[m.id] # {p}
    /\ waitingFor' = [waitingFor EXCEPT ![m.id] = @ \ {p}]
    /\ UNCHANGED << status, accountVars, sent, transfer, part, outcome >>

TransactionCommitted(s, p, m) ==
    /\ m.type = "TransactionVote"
    /\ outcome[m.id] = "pending"
    /\ m.agrees
    /\ waitingFor[m.id] = {p}
    /\ Made(m.id, s)
    /\ part' = [part EXCEPT ![m.id][s] = "settled"]
    /\ waitingFor' = [waitingFor EXCEPT ![m.id] = {}]
    /\ outcome' = [outcome EXCEPT ![m.id] = "accepted"]
    /\ Send(s, Participants[m.id], [type |-> "TransactionCommit", id |-> m.id])
    /\ UNCHANGED << status, transfer >>

(* The participant that has refused knows already.                         *)
TransactionAborted(t, told) ==
    LET c == Coordinator[t] IN
    /\ outcome[t] = "pending"
    /\ Released(t, c)
    /\ part' = [part EXCEPT ![t][c] = "released"]
    /\ waitingFor' = [waitingFor EXCEPT ![t] = {}]
    /\ outcome' = [outcome EXCEPT ![t] = "rejected"]
    /\ Send(c, told, [type |-> "TransactionAbort", id |-> t])
    /\ UNCHANGED << status, transfer >>

AbortedByVote(s, p, m) ==
    /\ m.type = "TransactionVote"
    /\ ~m.agrees
    /\ TransactionAborted(m.id, Participants[m.id] \ {p})

(* The deadline may come at any time before the decision.                  *)
AbortedByDeadline(t) ==
    /\ TransactionAborted(t, Participants[t])
    /\ UNCHANGED received

TransactionSettled(s, p, m) ==
    /\ m.type = "TransactionCommit"
    /\ Made(m.id, s)
    /\ part' = [part EXCEPT ![m.id][s] = "settled"]
    /\ UNCHANGED << status, sent, transfer, waitingFor, outcome >>

TransactionReleased(s, p, m) ==
    /\ m.type = "TransactionAbort"
    /\ IF part[m.id][s] = "prepared"
       THEN Released(m.id, s) /\ part' = [part EXCEPT ![m.id][s] = "released"]
       ELSE UNCHANGED << accountVars, part >>
    /\ UNCHANGED << status, sent, transfer, waitingFor, outcome >>

-----------------------------------------------------------------------------
TakeIn(s, p, m) ==
    \/ TransferReceived(s, p, m)
    \/ TransferRefused(s, p, m)
    \/ TransferReturned(s, p, m)
    \/ TransactionPrepared(s, p, m)
    \/ TransactionRefused(s, p, m)
    \/ TransactionVoted(s, p, m)
    \/ TransactionCommitted(s, p, m)
    \/ AbortedByVote(s, p, m)
    \/ TransactionSettled(s, p, m)
    \/ TransactionReleased(s, p, m)

(* The next message from p comes to s.                                     *)
Receive(s, p) ==
    LET number == received[p][s] + 1 IN
    /\ number <= Len(sent[p][s])
    /\ received' = [received EXCEPT ![p][s] = number]
    /\ TakeIn(s, p, sent[p][s][number])

(* Any message comes; one that came before is known by its number and      *)
(* changes nothing.                                                        *)
Deliver(s, p) ==
    \E number \in 1..Len(sent[p][s]) :
        IF number <= received[p][s]
        THEN UNCHANGED vars
        ELSE number = received[p][s] + 1 /\ Receive(s, p)

Command ==
    \/ \E i \in TransferIds : TransferPosted(i) \/ TransferSent(i)
    \/ \E t \in TransactionIds : TransactionPosted(t) \/ TransactionBegun(t)
    \/ \E a \in Unsteady : AccountFrozen(a) \/ AccountUnfrozen(a) \/ AccountClosed(a) \/ AccountOpened(a)

Message == \E s, p \in Shards : Deliver(s, p)

Progress == \E s, p \in Shards : Receive(s, p)

Deadline == \E t \in TransactionIds : AbortedByDeadline(t)

Next == Command \/ Message \/ Deadline

(* All that is assumed: messages that are there are taken in, some time.   *)
(* Nobody has to send commands, and no deadline has to come.               *)
Spec == Init /\ [][Next]_vars /\ WF_vars(Progress)

-----------------------------------------------------------------------------
(* What is always true.                                                    *)

TypeOK ==
    /\ status \in [Accounts -> {"open", "frozen", "closed"}]
    /\ transfer \in [TransferIds -> {"new", "posted", "sent", "received", "refused", "returned"}]
    /\ part \in [TransactionIds -> [Shards -> {"new", "prepared", "refused", "settled", "released"}]]
    /\ waitingFor \in [TransactionIds -> SUBSET Shards]
    /\ outcome \in [TransactionIds -> {"none", "pending", "accepted", "rejected"}]
    /\ \A s, p \in Shards : received[s][p] \in 0..Len(sent[s][p])

Balance(a, x) == available[a][x] + held[a][x]

(* The books of each shard balance: what its accounts have lost or gained  *)
(* is on its clearing accounts.                                            *)
BooksBalance ==
    \A s \in Shards, x \in Assets :
        LET mine == {a \in Accounts : ShardOf[a] = s} IN
        Sum([a \in mine |-> Balance(a, x) - Initial[a][x]], mine) + Sum([p \in Shards |-> clearing[s][p][x]], Shards) = 0

Underway(s, p) == {n \in DOMAIN sent[s][p] : n > received[s][p]}

(* Money in messages from s to p.                                          *)
Carried(s, p, x) ==
    LET worth == [n \in DOMAIN sent[s][p] |->
                     LET m == sent[s][p][n] IN
                     IF m.type \in {"TransferCredit", "TransferReturn"} /\ Transfers[m.id].asset = x
                     THEN Transfers[m.id].amount
                     ELSE 0]
    IN Sum(worth, Underway(s, p))

(* What s has paid to p in transactions, less what p has got of it.        *)
HalfSettled(s, p, x) ==
    LET worth == [t \in TransactionIds |-> Between[t][s][p][x]]
        settled(q) == {t \in TransactionIds : part[t][q] = "settled"}
    IN Sum(worth, settled(s)) - Sum(worth, settled(p))

InTransit(s, p, x) == Carried(s, p, x) + Carried(p, s, x) + HalfSettled(s, p, x) + HalfSettled(p, s, x)

(* The clearing accounts of a pair net to exactly what is in transit.      *)
ClearingNets ==
    \A s, p \in Shards, x \in Assets : s # p => clearing[s][p][x] + clearing[p][s][x] = InTransit(s, p, x)

(* No money is made or lost: what accounts have and what is in transit is  *)
(* what was there at first.                                                *)
Conserved ==
    \A x \in Assets :
        LET onTheWay == [pair \in Shards \X Shards |-> Carried(pair[1], pair[2], x) + HalfSettled(pair[1], pair[2], x)] IN
        Sum([a \in Accounts |-> Balance(a, x)], Accounts) + Sum(onTheWay, Shards \X Shards)
            = Sum([a \in Accounts |-> Initial[a][x]], Accounts)

NeverNegative == \A a \in Accounts, x \in Assets : available[a][x] >= 0 /\ held[a][x] >= 0

(* No account has, or may come to have, more than it may; except by what   *)
(* came back to it.                                                        *)
NeverTooMuch ==
    \A a \in Accounts, x \in Assets :
        LET back == {i \in TransferIds : transfer[i] = "returned" /\ Transfers[i].from = a /\ Transfers[i].asset = x} IN
        Balance(a, x) + Promised(a, x) <= Highest[a] + Sum([i \in TransferIds |-> Transfers[i].amount], back)

(* What is held is what transactions that are not decided here need: none  *)
(* leaves a reservation behind.                                            *)
HeldIsReserved ==
    \A a \in Accounts, x \in Assets : held[a][x] = Sum([t \in TransactionIds |-> Reserve[t][a][x]], Prepared(a))

(* Nothing is held of a closed account, and no transaction will credit it. *)
ClosedIsEmpty ==
    \A a \in Accounts : status[a] = "closed" => \A x \in Assets : held[a][x] = 0 /\ Promised(a, x) = 0

AllOrNothing ==
    \A t \in TransactionIds :
        /\ (\E s \in ShardsOf[t] : part[t][s] = "settled") =>
               \A s \in ShardsOf[t] : part[t][s] \in {"prepared", "settled"}
        /\ outcome[t] = "accepted" <=> part[t][Coordinator[t]] = "settled"
        /\ outcome[t] = "rejected" <=> part[t][Coordinator[t]] = "released"

-----------------------------------------------------------------------------
(* What comes true.                                                        *)

Arrived(i) == transfer[i] \in {"new", "posted", "received", "returned"}

(* Every transaction that has begun ends, on every shard in the same way.  *)
Ended(t) ==
    \/ outcome[t] = "none"
    \/ outcome[t] = "accepted" /\ \A s \in ShardsOf[t] : part[t][s] = "settled"
    \/ outcome[t] = "rejected" /\ \A s \in ShardsOf[t] : part[t][s] \in {"released", "refused"}

(* Nothing is under way, held, promised or in transit.                     *)
Quiet ==
    /\ \A i \in TransferIds : Arrived(i)
    /\ \A t \in TransactionIds : Ended(t)
    /\ \A s, p \in Shards : Underway(s, p) = {}
    /\ \A a \in Accounts, x \in Assets : held[a][x] = 0 /\ Promised(a, x) = 0
    /\ \A s, p \in Shards, x \in Assets : clearing[s][p][x] + clearing[p][s][x] = 0

(* As there are finitely many commands, everything that has begun ends.    *)
Terminates == <>[]Quiet

(* An outcome is final.                                                    *)
Final ==
    [][\A t \in TransactionIds : outcome[t] \in {"accepted", "rejected"} => outcome'[t] = outcome[t]]_vars
=============================================================================
