---------------------------- MODULE MixedModel ------------------------------
(* Two transactions that can both be made and two transfers, over the same *)
(* accounts and clearing accounts, with limits that promises reach, while  *)
(* an account that has nothing is frozen, closed and opened again.         *)
EXTENDS CrossShard, TLC

shardOf == "alice" :> 1 @@ "anna" :> 1 @@ "bob" :> 2 @@ "carol" :> 3
initial == "alice" :> ("GOLD" :> 3) @@ "anna" :> ("GOLD" :> 0) @@ "bob" :> ("GOLD" :> 1) @@ "carol" :> ("GOLD" :> 0)
highest == "alice" :> 4 @@ "anna" :> 3 @@ "bob" :> 2 @@ "carol" :> 2

Pay(from, to, amount) == [asset |-> "GOLD", from |-> from, to |-> to, amount |-> amount]

transfers == << Pay("bob", "alice", 1), Pay("alice", "bob", 1) >>

transactions == <<
    << Pay("alice", "bob", 1), Pay("bob", "carol", 1), Pay("alice", "anna", 1) >>,
    << Pay("bob", "anna", 1), Pay("anna", "alice", 1) >> >>
=============================================================================
