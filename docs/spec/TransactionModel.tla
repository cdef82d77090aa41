------------------------- MODULE TransactionModel ---------------------------
(* Two transactions over the same accounts of three shards, each of which  *)
(* can be made only without the other, while two of the accounts are       *)
(* frozen, closed and opened again.                                        *)
EXTENDS CrossShard, TLC

shardOf == "alice" :> 1 @@ "bob" :> 2 @@ "carol" :> 3
initial ==
    "alice" :> ("GOLD" :> 2 @@ "GEMS" :> 0) @@
    "bob" :> ("GOLD" :> 1 @@ "GEMS" :> 0) @@
    "carol" :> ("GOLD" :> 0 @@ "GEMS" :> 1)
highest == "alice" :> 3 @@ "bob" :> 3 @@ "carol" :> 3

Pay(asset, from, to, amount) == [asset |-> asset, from |-> from, to |-> to, amount |-> amount]

transfers == << >>

(* bob spends what alice has just paid him; carol gives her gem for it.    *)
transactions == <<
    << Pay("GOLD", "alice", "bob", 2), Pay("GOLD", "bob", "carol", 3), Pay("GEMS", "carol", "alice", 1) >>,
    << Pay("GOLD", "bob", "alice", 1), Pay("GEMS", "carol", "bob", 1) >> >>
=============================================================================
